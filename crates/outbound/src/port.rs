//! Ports where something else than HTTP listens.
//!
//! A request to a mail server or a database is a line of nonsense followed by lines that a stranger wrote, and some of
//! these servers skip the nonsense.

/// Sorted, so that it can be searched.
const NOT_HTTP: &[u16] = &[
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 138, 139, 143, 161, 162, 179, 389, 427, 445, 465, 512, 513, 514, 515,
    526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 853, 873, 989, 990, 993, 995, 1433, 1434, 1521, 1719,
    1720, 1723, 1883, 2049, 2181, 3268, 3269, 3306, 3389, 3659, 4045, 4190, 4369, 5060, 5061, 5222, 5269, 5432, 5433,
    5671, 5672, 5900, 6000, 6379, 6432, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 7000, 7001, 8883, 9042, 9092,
    9160, 9418, 10080, 11211, 11300, 26257, 27017, 27018, 27019, 50000, 61613, 61614, 61616,
];

/// Whether something else than HTTP usually listens on this port.
pub(crate) fn is_not_http(port: u16) -> bool {
    NOT_HTTP.binary_search(&port).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(NOT_HTTP.is_sorted());
    }

    #[test]
    fn web_ports_are_free() {
        for port in [80, 443, 3000, 5000, 8000, 8080, 8443, 9000, 65535] {
            assert!(!is_not_http(port), "{port}");
        }
    }
}
