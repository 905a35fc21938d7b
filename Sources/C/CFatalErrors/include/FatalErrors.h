#pragma once

#include <stdbool.h>

/// Makes the program end with an error message, not with a backtrace, when it cannot continue:
/// status 71 if the system refuses memory that a library cannot do without, 74 if a mapped file
/// became shorter or its disk failed.
void specgan_install_fatal_errors(void);

/// Chooses whether the message is a JSON object, as `--progress json` wants.
void specgan_report_fatal_errors_as_json(bool is_json);
