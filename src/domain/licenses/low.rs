//! When the seats of a subscription become few.

/// The shares of held seats that are worth a word, in per cent, highest first.
const THRESHOLDS: [i64; 2] = [100, 75];

/// The highest threshold that so many more held seats have just reached; each is reached once on the way up.
pub fn reached(seats: i64, before: i64, after: i64) -> Option<i64> {
    let is_at = |held: i64, threshold: i64| held * 100 >= seats * threshold;
    THRESHOLDS.into_iter().find(|threshold| seats > 0 && is_at(after, *threshold) && !is_at(before, *threshold))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_threshold_is_reached_once_on_the_way_up() {
        let told: Vec<_> = (0..10).filter_map(|held| Some((held + 1, reached(10, held, held + 1)?))).collect();
        assert_eq!(told, [(8, 75), (10, 100)]);
        // Both at once: the more urgent one is told.
        assert_eq!(reached(10, 2, 10), Some(100));
        assert_eq!(reached(1, 0, 1), Some(100));
        assert_eq!(reached(4, 2, 3), Some(75));
        // Over already, on the way down, or nothing there.
        assert_eq!((reached(10, 11, 12), reached(10, 10, 9), reached(0, 0, 1)), (None, None, None));
    }
}
