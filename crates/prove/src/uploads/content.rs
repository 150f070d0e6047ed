//! What files hold. The first two, one to keep and one to refuse, are tried under every name.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};

/// The largest file that is kept, in bytes: the default.
const LARGEST: usize = 10 * 1024 * 1024;

#[derive(Debug, Clone)]
pub(super) struct Content {
    pub what: &'static str,
    pub bytes: Vec<u8>,
}

impl Content {
    /// A file is a PDF by how it begins.
    pub fn is_kept(&self) -> bool {
        self.bytes.starts_with(b"%PDF-") && self.bytes.len() <= LARGEST
    }
}

pub(super) fn all() -> Vec<Content> {
    let short: [(&str, &[u8]); 33] = [
        ("a PDF", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"),
        ("a page", b"<html><script>alert(1)</script></html>"),
        ("nothing", b""),
        ("one byte", b"%"),
        ("a blank", b" "),
        ("the mark of a PDF alone", b"%PDF-"),
        ("half of the mark", b"%PDF"),
        ("the mark in small letters", b"%pdf-1.4"),
        ("the mark after a byte order mark", b"\xef\xbb\xbf%PDF-1.4"),
        ("the mark after a blank", b" %PDF-1.4"),
        ("the mark after a line", b"\n%PDF-1.4"),
        ("a page behind the mark", b"%PDF-1.4\n<html><script>alert(document.domain)</script>"),
        ("a program behind the mark", b"%PDF-1.4\nMZ\x90\0"),
        ("an archive behind the mark", b"%PDF-1.4\nPK\x03\x04\x14\0\0\0"),
        ("the mark inside an archive", b"PK\x03\x04\x14\0\0\0%PDF-1.4"),
        ("the mark inside a picture", b"GIF89a%PDF-1.4"),
        ("a PDF with a script", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj"),
        ("a PDF that starts a program", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/Launch/F(cmd.exe)>>>>endobj"),
        ("a PDF that calls home", b"%PDF-1.7\n1 0 obj<</AA<</O<</S/URI/URI(http://169.254.169.254/)>>>>>>endobj"),
        ("a PDF that is cut", b"%PDF-1.7\n1 0 obj<<"),
        ("a drawing with a script", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        (
            "a document with entities",
            b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;'>]><a>&c;</a>",
        ),
        (
            "a document that reads a file",
            b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
        ),
        ("a program", b"MZ\x90\0\x03\0\0\0"),
        ("another program", b"\x7fELF\x02\x01\x01\0"),
        ("a script", b"#!/bin/sh\nrm -rf /\n"),
        ("a page in UTF-16", b"\xff\xfe<\0h\0t\0m\0l\0>\0"),
        ("bytes that are zero", &[0; 512]),
        (
            "a picture of a size that nobody has",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff\x08\x06\0\0\0",
        ),
        ("line breaks", b"\r\n\r\n\r\n"),
        ("a PDF that ends like a part", b"%PDF-1.4\r\n--cu\r\n"),
        ("a PDF with a boundary inside a line", b"%PDF-1.4 --cut-- \r\n -- cut"),
        ("a test virus's beginning behind the mark", b"%PDF-1.4\nX5O!P%@AP[4\\PZX54(P^)7CC)7}"),
    ];
    let mut all: Vec<Content> =
        short.into_iter().map(|(what, bytes)| Content { what, bytes: bytes.to_vec() }).collect();
    let padded = |length: usize| [b"%PDF-1.4\n".to_vec(), vec![b'x'; length - 9]].concat();
    all.push(Content { what: "the largest", bytes: padded(LARGEST) });
    all.push(Content { what: "a byte more than the largest", bytes: padded(LARGEST + 1) });
    all.push(Content { what: "what unpacks to much", bytes: bomb() });
    let inside = [b"%PDF-1.4\n1 0 obj<</Filter/FlateDecode>>stream\n".to_vec(), bomb()].concat();
    all.push(Content { what: "a PDF that unpacks to much", bytes: inside });
    all
}

/// 20 MB in some bytes.
fn bomb() -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0; 1 << 20];
    for _ in 0..20 {
        packed.write_all(&zeros).unwrap_or_default();
    }
    packed.finish().unwrap_or_default()
}
