#pragma once

#include <stdbool.h>

/// Makes the program end with a sentence, not with a backtrace, when it cannot continue: status 71
/// if the system refuses memory that a library cannot do without, 74 if a mapped file became
/// shorter or its disk failed.
void specgan_prepare_last_words(void);

/// Chooses whether the sentence is an object of JSON, as `--progress json` wants.
void specgan_say_last_words_as_json(bool is_json);
