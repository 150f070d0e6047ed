//! Which addresses are not public.
//!
//! After the IANA registries of special-purpose addresses. For IPv6 only 2000::/3 is in public use, so everything else
//! is refused without being listed, also what will be given a meaning one day.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// IPv4 ranges that are not public; the first that contains an address names it.
const V4: &[(Ipv4Net, &str)] = &[
    (v4([169, 254, 169, 254], 32), METADATA),
    (v4([169, 254, 170, 2], 32), METADATA),
    (v4([100, 100, 100, 200], 32), METADATA),
    (v4([168, 63, 129, 16], 32), METADATA),
    (v4([192, 0, 0, 192], 32), METADATA),
    (v4([0, 0, 0, 0], 32), UNSPECIFIED),
    (v4([0, 0, 0, 0], 8), RESERVED),
    (v4([10, 0, 0, 0], 8), PRIVATE),
    (v4([100, 64, 0, 0], 10), "a shared address behind a carrier's NAT"),
    (v4([127, 0, 0, 0], 8), LOOPBACK),
    (v4([169, 254, 0, 0], 16), LINK_LOCAL),
    (v4([172, 16, 0, 0], 12), PRIVATE),
    (v4([192, 0, 0, 0], 24), RESERVED),
    (v4([192, 0, 2, 0], 24), DOCUMENTATION),
    (v4([192, 31, 196, 0], 24), RESERVED),
    (v4([192, 52, 193, 0], 24), RESERVED),
    (v4([192, 88, 99, 0], 24), TUNNEL),
    (v4([192, 168, 0, 0], 16), PRIVATE),
    (v4([192, 175, 48, 0], 24), RESERVED),
    (v4([198, 18, 0, 0], 15), "an address for benchmarks"),
    (v4([198, 51, 100, 0], 24), DOCUMENTATION),
    (v4([203, 0, 113, 0], 24), DOCUMENTATION),
    (v4([224, 0, 0, 0], 4), MULTICAST),
    (v4([255, 255, 255, 255], 32), "the broadcast address"),
    (v4([240, 0, 0, 0], 4), RESERVED),
];

/// IPv6 ranges that are not public and lie within 2000::/3, and names for those outside.
const V6: &[(Ipv6Net, &str)] = &[
    (v6([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254], 128), METADATA),
    (v6([0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254], 128), METADATA),
    (v6([0, 0, 0, 0, 0, 0, 0, 0], 128), UNSPECIFIED),
    (v6([0, 0, 0, 0, 0, 0, 0, 1], 128), LOOPBACK),
    (v6([0, 0, 0, 0, 0, 0, 0, 0], 96), TUNNEL),
    (v6([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48), TUNNEL),
    (v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), DOCUMENTATION),
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32), TUNNEL),
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), RESERVED),
    (v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), TUNNEL),
    (v6([0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0], 48), RESERVED),
    (v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), DOCUMENTATION),
    (v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7), "a unique local address"),
    (v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10), LINK_LOCAL),
    (v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10), PRIVATE),
    (v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8), MULTICAST),
];

const PUBLIC_V6: Ipv6Net = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);
/// Here translators show IPv4 to networks that speak only IPv6, so all of IPv4 is met here.
const NAT64: Ipv6Net = v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96);

const DOCUMENTATION: &str = "an address for documentation";
const LINK_LOCAL: &str = "a link-local address";
const LOOPBACK: &str = "a loopback address";
const METADATA: &str = "the address of a cloud's metadata service";
const MULTICAST: &str = "a multicast address";
const PRIVATE: &str = "a private address";
const RESERVED: &str = "a reserved address";
const TUNNEL: &str = "an address that hides another one";
const UNSPECIFIED: &str = "the unspecified address";

/// What kind of address this is when it is not public.
pub(crate) fn not_public(address: IpAddr) -> Option<&'static str> {
    match address.to_canonical() {
        IpAddr::V4(v4) => not_public_v4(v4),
        IpAddr::V6(v6) => not_public_v6(v6),
    }
}

fn not_public_v4(address: Ipv4Addr) -> Option<&'static str> {
    V4.iter().find(|(range, _)| range.contains(&address)).map(|(_, kind)| *kind)
}

fn not_public_v6(address: Ipv6Addr) -> Option<&'static str> {
    if NAT64.contains(&address) {
        let [.., a, b, c, d] = address.octets();
        return not_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    if let Some((_, kind)) = V6.iter().find(|(range, _)| range.contains(&address)) {
        return Some(kind);
    }
    if !PUBLIC_V6.contains(&address) {
        return Some(RESERVED);
    }
    is_isatap(address).then_some(TUNNEL)
}

/// ISATAP hides an IPv4 address in the lower half of any prefix.
fn is_isatap(address: Ipv6Addr) -> bool {
    let [_, _, _, _, flags, mark, ..] = address.segments();
    flags & !0x0300 == 0 && mark == 0x5efe
}

const fn v4([a, b, c, d]: [u8; 4], length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6([a, b, c, d, e, f, g, h]: [u16; 8], length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(address: &str) -> Option<&'static str> {
        not_public(address.parse().unwrap())
    }

    #[test]
    fn public_addresses_are_public() {
        let public = [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2003::1",
            "2606:4700::1111",
            "3ffe::1",
        ];
        for address in public {
            assert_eq!(kind(address), None, "{address}");
        }
    }

    #[test]
    fn the_first_and_the_last_of_each_range_are_not() {
        for (range, name) in V4 {
            assert!(not_public(range.network().into()).is_some(), "{range} {name}");
            assert!(not_public(range.broadcast().into()).is_some(), "{range} {name}");
            assert!(not_public(range.broadcast().to_ipv6_mapped().into()).is_some(), "{range} {name}");
        }
        for (range, name) in V6 {
            assert!(not_public(range.network().into()).is_some(), "{range} {name}");
            assert!(not_public(range.broadcast().into()).is_some(), "{range} {name}");
        }
    }

    #[test]
    fn the_kind_is_the_nearest() {
        assert_eq!(kind("169.254.169.254"), Some(METADATA));
        assert_eq!(kind("::ffff:169.254.169.254"), Some(METADATA));
        assert_eq!(kind("64:ff9b::10.0.0.1"), Some(PRIVATE));
        assert_eq!(kind("::10.0.0.1"), Some(TUNNEL));
        assert_eq!(kind("2001:200::5efe:a00:1"), Some(TUNNEL));
        assert_eq!(kind("4000::1"), Some(RESERVED));
    }
}
