#pragma once

#ifdef __cplusplus
extern "C"
#endif
/// The Git commit that was built, in 40 hexadecimal digits; empty outside a clone.
const char *specgan_commit(void);
