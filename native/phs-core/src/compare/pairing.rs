//! Which things of two lists stand for the same.

use std::collections::{HashMap, VecDeque};

/// What became of the things of two lists, by index.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// The same thing in both, in the order of the left list.
    pub(super) both: Vec<(usize, usize)>,
    /// Only in the left list.
    pub(super) left: Vec<usize>,
    /// Only in the right list.
    pub(super) right: Vec<usize>,
}

/// One way to know a thing again: its key on each side, where it has one.
pub(super) struct Key<'a, L, R> {
    pub(super) left: &'a dyn Fn(&L) -> Option<String>,
    pub(super) right: &'a dyn Fn(&R) -> Option<String>,
}

/// Pairs things by the first key that finds them; each thing once. Things with one key are paired in their order.
pub(super) fn pair<L, R>(left: &[L], right: &[R], keys: &[Key<'_, L, R>]) -> Pairs {
    let mut left_of = vec![None; left.len()];
    let mut right_taken = vec![false; right.len()];
    for key in keys {
        let mut free: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (index, thing) in right.iter().enumerate() {
            if !right_taken[index]
                && let Some(name) = (key.right)(thing)
            {
                free.entry(name).or_default().push_back(index);
            }
        }
        for (index, thing) in left.iter().enumerate() {
            if left_of[index].is_some() {
                continue;
            }
            let found = (key.left)(thing)
                .and_then(|name| free.get_mut(&name))
                .and_then(VecDeque::pop_front);
            if let Some(found) = found {
                left_of[index] = Some(found);
                right_taken[found] = true;
            }
        }
    }
    let mut pairs = Pairs::default();
    for (index, found) in left_of.into_iter().enumerate() {
        match found {
            Some(found) => pairs.both.push((index, found)),
            None => pairs.left.push(index),
        }
    }
    pairs.right = (0..right.len())
        .filter(|&index| !right_taken[index])
        .collect();
    pairs
}

/// The places of a longest run that never falls, so that as few as possible are out of order.
pub(super) fn in_order(numbers: &[i64]) -> Vec<usize> {
    // tails[n] is the place that ends the best run of n + 1 numbers.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; numbers.len()];
    for (place, &number) in numbers.iter().enumerate() {
        let length = tails.partition_point(|&tail| numbers[tail] <= number);
        before[place] = length.checked_sub(1).map(|last| tails[last]);
        match tails.get_mut(length) {
            Some(tail) => *tail = place,
            None => tails.push(place),
        }
    }
    let mut run = Vec::with_capacity(tails.len());
    let mut next = tails.last().copied();
    while let Some(place) = next {
        run.push(place);
        next = before[place];
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    type Thing = (&'static str, &'static str);

    fn by(key: &dyn Fn(&Thing) -> Option<String>) -> Key<'_, Thing, Thing> {
        Key {
            left: key,
            right: key,
        }
    }

    #[test]
    fn earlier_keys_win_and_each_thing_is_taken_once() {
        let left = [("1", "a"), ("2", "b"), ("3", "c")];
        let right = [("9", "a"), ("2", "z"), ("1", "b"), ("8", "a")];
        let id = |thing: &(&str, &str)| Some(thing.0.to_owned());
        let name = |thing: &(&str, &str)| Some(thing.1.to_owned());
        let pairs = pair(&left, &right, &[by(&id), by(&name)]);
        assert_eq!(pairs.both, [(0, 2), (1, 1)]);
        assert_eq!(pairs.left, [2]);
        assert_eq!(pairs.right, [0, 3]);
    }

    #[test]
    fn a_thing_without_a_key_is_left_alone() {
        let none = |_: &(&str, &str)| None;
        let pairs = pair(&[("1", "a")], &[("1", "a")], &[by(&none)]);
        assert!(pairs.both.is_empty());
        assert_eq!((pairs.left, pairs.right), (vec![0], vec![0]));
    }

    #[test]
    fn one_moved_number_is_alone_out_of_order() {
        for numbers in [
            vec![100, 101, 250, 103, 104],
            vec![100, 101, 5, 103, 104],
            vec![104, 100, 101, 102, 103],
        ] {
            let run = in_order(&numbers);
            assert_eq!(run.len(), numbers.len() - 1, "{numbers:?}");
            assert!(run.is_sorted_by_key(|&place| numbers[place]));
        }
        assert_eq!(in_order(&[7, 7, 8]), [0, 1, 2]);
        assert!(in_order(&[]).is_empty());
    }
}
