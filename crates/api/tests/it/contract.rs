//! The generated OpenAPI document against the contract, and the checks that every answer goes through.

mod document;
mod facts;
