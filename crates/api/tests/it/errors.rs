//! Every way in which a request is refused, to the letter (spec 3.2, 7.2 to 7.7, 10.13 to 10.16, 18 row 38).

mod actions;
mod create;
mod cross_field;
mod pipeline;
mod rules;
mod samples;
