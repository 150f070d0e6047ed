//! Headers that mean something.

#![cfg_attr(fuzzing, no_main)]

mercat_fuzz::target!(Header);
