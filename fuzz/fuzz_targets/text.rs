//! Texts that are read as something else.

#![cfg_attr(fuzzing, no_main)]

mercat_fuzz::target!(Text);
