//! Bodies that say they are JSON.

#![cfg_attr(fuzzing, no_main)]

mercat_fuzz::target!(Body);
