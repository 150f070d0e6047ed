//! Where the parts of a picture are. A picture is 720 units wide and 200 high, with room for words on the left and below.

use chrono::TimeDelta;

use crate::text;

/// The room for the picture itself.
const LEFT: f64 = 110.0;
const WIDTH: f64 = 600.0;
const TOP: f64 = 8.0;
const HEIGHT: f64 = 160.0;
/// So many words stand below a picture at most.
const MOST_WORDS: usize = 7;

/// A line with a word on the left.
pub(super) struct Tick {
    pub y: String,
    pub word: String,
}

/// A word below.
pub(super) struct Word {
    pub x: String,
    pub word: String,
}

/// A block.
pub(super) struct Block {
    pub x: String,
    pub y: String,
    pub width: String,
    pub height: String,
    pub class: &'static str,
    /// What it stands for, for whoever points at it.
    pub title: String,
}

/// Blocks on top of each other, for each stretch.
pub(super) struct Bars {
    pub blocks: Vec<Block>,
    pub ticks: Vec<Tick>,
    pub words: Vec<Word>,
}

/// Two lines: what half of the orders took, and what nine of ten took.
pub(super) struct Lines {
    /// Pieces of lines: class and points. A stretch without orders parts them.
    pub pieces: Vec<(&'static str, String)>,
    /// Single stretches are dots.
    pub dots: Vec<Dot>,
    pub ticks: Vec<Tick>,
    pub words: Vec<Word>,
}

/// A point, and what it stands for.
pub(super) struct Dot {
    pub x: String,
    pub y: String,
    pub class: &'static str,
    pub title: String,
}

/// With one digit behind the point: nobody sees more.
fn at(number: f64) -> String {
    format!("{number:.1}")
}

#[expect(clippy::cast_precision_loss, reason = "pictures are not that exact")]
const fn float(number: u64) -> f64 {
    number as f64
}

fn place(index: usize, of: usize) -> (f64, f64) {
    let step = WIDTH / float(u64::try_from(of.max(1)).unwrap_or(u64::MAX));
    (LEFT + step * float(u64::try_from(index).unwrap_or(0)), step)
}

/// How much of 100 a part is.
pub(super) fn of_hundred(part: f64, whole: f64) -> u32 {
    if whole <= 0.0 || part <= 0.0 {
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
    let length = (part / whole * 100.0).clamp(0.0, 100.0).round() as u32;
    length.max(1)
}

/// A round number that is not smaller; a quarter of it is whole.
fn round_up(number: f64) -> f64 {
    let mut unit = 1.0;
    while unit * 20.0 < number {
        unit *= 10.0;
    }
    [4.0, 8.0, 12.0, 20.0].map(|step| step * unit).into_iter().find(|round| *round >= number).unwrap_or(number)
}

fn words(titles: &[String]) -> Vec<Word> {
    let every = titles.len().div_ceil(MOST_WORDS).max(1);
    let word = |(index, title): (usize, &String)| {
        let (x, step) = place(index, titles.len());
        Word { x: at(x + step / 2.0), word: title.clone() }
    };
    titles.iter().enumerate().step_by(every).map(word).collect()
}

fn height(part: f64, top: f64) -> f64 {
    if top <= 0.0 { 0.0 } else { part / top * HEIGHT }
}

impl Bars {
    /// For each stretch its parts, from the ground up, with their classes.
    pub fn of(titles: &[String], counts: &[Vec<u64>], classes: &[&'static str]) -> Self {
        let most = counts.iter().map(|parts| parts.iter().sum::<u64>()).max().unwrap_or(0);
        let top = round_up(float(most));
        let mut blocks = Vec::new();
        for (index, parts) in counts.iter().enumerate() {
            let (x, step) = place(index, counts.len());
            let mut ground = TOP + HEIGHT;
            for (count, class) in parts.iter().zip(classes).filter(|(count, _)| **count > 0) {
                let high = height(float(*count), top);
                ground -= high;
                blocks.push(Block {
                    x: at(x + step * 0.1),
                    y: at(ground),
                    width: at(step * 0.8),
                    height: at(high),
                    class,
                    title: format!("{}: {}", titles.get(index).map_or("", String::as_str), text::count(*count)),
                });
            }
        }
        let tick = |quarter: u32| {
            let value = top * f64::from(quarter) / 4.0;
            Tick { y: at(TOP + HEIGHT - height(value, top)), word: format!("{value:.0}") }
        };
        Self { blocks, ticks: (0..=4).map(tick).collect(), words: words(titles) }
    }
}

/// Steps that people count time in, in seconds.
const STEPS: [i64; 14] =
    [60, 300, 900, 3600, 7200, 14400, 28800, 86400, 172_800, 345_600, 604_800, 1_209_600, 2_592_000, 7_776_000];

fn seconds(time: TimeDelta) -> f64 {
    float(time.num_seconds().unsigned_abs())
}

impl Lines {
    /// For each stretch what half took and what nine of ten took; nothing where there are no orders.
    pub fn of(titles: &[String], times: &[Option<(TimeDelta, TimeDelta)>]) -> Self {
        let most = times.iter().flatten().map(|(_, ninth)| ninth.num_seconds()).max().unwrap_or(0).max(60);
        let step = STEPS.iter().copied().find(|step| step * 4 >= most).unwrap_or(most / 4 + 1);
        let top = seconds(TimeDelta::seconds(step * 4));
        let series = [
            ("median", times.iter().map(|of| of.map(|(median, _)| median)).collect::<Vec<_>>()),
            ("ninth", times.iter().map(|of| of.map(|(_, ninth)| ninth)).collect()),
        ];
        let (mut pieces, mut dots) = (Vec::new(), Vec::new());
        for (class, values) in series {
            let mut points = Vec::new();
            for (index, value) in values.iter().enumerate() {
                let Some(value) = value else {
                    close(&mut pieces, class, &mut points);
                    continue;
                };
                let (x, step) = place(index, values.len());
                let (x, y) = (at(x + step / 2.0), at(TOP + HEIGHT - height(seconds(*value), top)));
                points.push(format!("{x},{y}"));
                let title = format!("{}: {}", titles.get(index).map_or("", String::as_str), text::span(*value));
                dots.push(Dot { x, y, class, title });
            }
            close(&mut pieces, class, &mut points);
        }
        let tick = |quarter: i32| Tick {
            y: at(TOP + HEIGHT - HEIGHT * f64::from(quarter) / 4.0),
            word: if quarter == 0 { "0".to_owned() } else { text::span(TimeDelta::seconds(step) * quarter) },
        };
        Self { pieces, dots, ticks: (0..=4).map(tick).collect(), words: words(titles) }
    }
}

/// Ends a piece of a line; a single point is a dot and no line.
fn close(pieces: &mut Vec<(&'static str, String)>, class: &'static str, points: &mut Vec<String>) {
    if points.len() > 1 {
        pieces.push((class, points.join(" ")));
    }
    points.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_stand_on_each_other() {
        let titles = vec!["Jan".to_owned(), "Feb".to_owned()];
        let bars = Bars::of(&titles, &[vec![3, 5], vec![0, 0]], &["a", "b"]);
        let places: Vec<_> =
            bars.blocks.iter().map(|block| (block.class, block.y.as_str(), block.height.as_str())).collect();
        assert_eq!(places, [("a", "108.0", "60.0"), ("b", "8.0", "100.0")], "of eight, which is the top");
        assert_eq!(bars.words.len(), 2);
        assert!(Bars::of(&[], &[], &[]).blocks.is_empty());
    }

    #[test]
    fn lines_have_holes() {
        let hours = |hours| Some((TimeDelta::hours(hours), TimeDelta::hours(2 * hours)));
        let titles: Vec<String> = (0..4).map(|day| day.to_string()).collect();
        let lines = Lines::of(&titles, &[hours(1), hours(2), None, hours(3)]);
        assert_eq!(lines.pieces.len(), 2, "a line each; what stands alone is a dot");
        assert_eq!(lines.dots.len(), 6);
        assert_eq!(lines.ticks.last().unwrap().word, "8 hours");
        assert_eq!(Lines::of(&titles, &[None, None, None, None]).ticks.len(), 5);
    }

    #[test]
    fn parts_of_a_whole() {
        for (part, whole, length) in [(0.0, 0.0, 0), (1.0, 2.0, 50), (0.001, 1.0, 1), (-1.0, 1.0, 0), (3.0, 1.0, 100)] {
            assert_eq!(of_hundred(part, whole), length, "{part} of {whole}");
        }
        assert_eq!([0.0, 4.0, 7.0, 13.0, 480.0].map(round_up), [4.0, 4.0, 8.0, 20.0, 800.0]);
    }
}
