//! A month of a busy shop.
