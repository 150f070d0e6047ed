//! The list: filters, order, pages, chosen fields (spec 11).

mod filters;
mod moments;
mod ordering;
mod paging;
mod pins;
mod town;
