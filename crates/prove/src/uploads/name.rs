//! Names of files, as a browser or an attacker sends them. The first ones are tried with every content.

/// A name as bytes, and whether a file can be kept under it.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub bytes: Vec<u8>,
    /// `None` when it is all the same whether it is refused or kept under a better one.
    pub is_one: Option<bool>,
}

/// Characters that turn the direction of what stands beside them: `report\u{202e}fdp.exe` is shown as `reportexe.pdf`.
pub(super) const fn is_bidirectional(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

pub(super) fn all() -> Vec<Name> {
    let kept = [
        "po.pdf",
        "../../../etc/passwd",
        "report\u{202e}fdp.exe",
        "<img src=x onerror=alert(1)>.pdf",
        "C:\\temp\\po.pdf",
        "Bestellung Nr. 7 (Å).pdf",
        "/etc/shadow",
        "..\\..\\windows\\win.ini",
        "....//....//po.pdf",
        "\u{2066}po\u{2069}.pdf",
        "CON",
        "NUL.pdf",
        "aux.",
        "com1.pdf",
        ".htaccess",
        "-rf",
        "po.pdf;x=1",
        "po.pdf%00.exe",
        "po%0d%0aX-Evil: 1.pdf",
        "%2e%2e%2fpo.pdf",
        "{{7*7}}.pdf",
        "${jndi:ldap://x}.pdf",
        "$(touch x).pdf",
        "`id`.pdf",
        "'; DROP TABLE media; --.pdf",
        "po.pdf:stream",
        "~/po.pdf",
        "ｐｏ．ｐｄｆ",
        "e\u{301}\u{301}\u{301}.pdf",
        "\u{feff}po.pdf",
        "\u{200b}po.pdf",
        "=1+1.pdf",
        "po.php.pdf",
        "po.pdf.exe",
        "a b  c.pdf",
        "🜁🜂🜃.pdf",
        "\u{1f468}\u{200d}\u{1f469}.pdf",
        "a/",
        "\tpo.pdf",
    ];
    let is_kept = |name: &str| if name.ends_with('/') { Some(false) } else { Some(true) };
    let mut names: Vec<Name> =
        kept.iter().map(|name| Name { bytes: name.bytes().collect(), is_one: is_kept(name) }).collect();
    let refused = [
        String::from("."),
        "..".into(),
        "../..".into(),
        "   ".into(),
        "\u{202e}".into(),
        "x".repeat(101),
        "x".repeat(10_000),
    ];
    names.extend(refused.into_iter().map(|name| Name { bytes: name.into_bytes(), is_one: Some(false) }));
    let longest = ["x".repeat(100), "Å".repeat(100), format!("{}{}", "../".repeat(1_000), "po.pdf")];
    names.extend(longest.into_iter().map(|name| Name { bytes: name.into_bytes(), is_one: Some(true) }));
    let odd: [&[u8]; 7] =
        [b"", b"\x7fpo.pdf", b"a\0b.pdf", b"\xff\xfe.pdf", b"\xc3(.pdf", b"\xed\xa0\x80.pdf", b"po\\\".pdf"];
    names.extend(odd.into_iter().map(|bytes| Name { bytes: bytes.to_vec(), is_one: None }));
    names
}
