//! Multipart forms with a file.

#![cfg_attr(fuzzing, no_main)]

mercat_fuzz::target!(Form);
