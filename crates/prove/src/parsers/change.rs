//! What chance makes of bytes that are right.

use rand::{RngExt as _, rngs::StdRng, seq::IndexedRandom as _};

use crate::input::hostile;

/// The longest text that is put in, in bytes: longer ones are for `input`.
const LONGEST: usize = 300;

/// A seed, somewhere else and with up to four changes.
///
/// # Panics
/// There are no seeds.
pub(super) fn change(seeds: &[Vec<u8>], chance: &mut StdRng) -> Vec<u8> {
    let mut bytes = any(seeds, chance).to_vec();
    if chance.random_ratio(2, 3) {
        let head = bytes.len().min(2);
        bytes.splice(..head, chance.random::<[u8; 2]>());
    }
    for _ in 0..chance.random_range(0..5) {
        once(&mut bytes, seeds, chance);
    }
    bytes
}

fn once(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], chance: &mut StdRng) {
    let at = chance.random_range(0..=bytes.len());
    let end = at + chance.random_range(0..=(bytes.len() - at).min(20));
    match chance.random_range(0..6) {
        0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << chance.random_range(0..8)),
        1 => drop(bytes.drain(at..end)),
        2 => bytes.extend_from_within(at..end),
        3 => {
            let other = any(seeds, chance);
            let from = chance.random_range(0..=other.len());
            bytes.splice(at.., other[from..].iter().copied());
        }
        _ => {
            let text = hostile::text(chance).into_bytes();
            bytes.splice(at..end, text.into_iter().take(LONGEST));
        }
    }
}

fn any<'a>(seeds: &'a [Vec<u8>], chance: &mut StdRng) -> &'a [u8] {
    seeds.choose(chance).map(Vec::as_slice).expect("there are seeds")
}
