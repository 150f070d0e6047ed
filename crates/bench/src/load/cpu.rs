//! How much of the processors' time processes have had, as Linux tells.

use std::time::Duration;

/// What Linux counts in: hundredths of a second, on every machine that it runs on today.
const TICK: Duration = Duration::from_millis(10);

/// Time of a process with all its threads.
pub fn of(pid: u32) -> Duration {
    stat(pid).map(|stat| stat.busy).unwrap_or_default()
}

/// Time of a process and of those that it started and that still run.
pub fn of_family(pid: u32) -> Duration {
    let Ok(folders) = std::fs::read_dir("/proc") else { return Duration::ZERO };
    let pids = folders.flatten().filter_map(|folder| folder.file_name().to_str()?.parse().ok());
    let family = pids.filter_map(|other: u32| Some((other, stat(other)?)));
    family.filter(|(other, stat)| *other == pid || stat.parent == pid).map(|(_, stat)| stat.busy).sum()
}

/// The process that started this one.
pub fn parent(pid: u32) -> Option<u32> {
    Some(stat(pid)?.parent)
}

struct Stat {
    parent: u32,
    busy: Duration,
}

/// Fields 4, 14 and 15 of `/proc/PID/stat`; the name before them may hold anything but ends with a bracket.
fn stat(pid: u32) -> Option<Stat> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<u32>().ok();
    Some(Stat { parent: number(1)?, busy: TICK * (number(11)? + number(12)?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_time_is_part_of_our_parents_family() {
        let own = std::process::id();
        let parent = parent(own).unwrap();
        assert!(of_family(parent) >= of(own));
        assert_eq!(of(u32::MAX), Duration::ZERO);
    }
}
