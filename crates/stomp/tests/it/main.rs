//! STOMP 1.2 rule by rule, over the public interface alone.

mod ack;
mod agent;
mod beat;
mod connect;
mod decode;
mod encode;
mod fixture;
mod random;
mod refuse;
mod secret;
mod subscribe;
