//! Query strings.

#![cfg_attr(fuzzing, no_main)]

mercat_fuzz::target!(Query);
