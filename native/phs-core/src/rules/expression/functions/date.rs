//! Dates and times, always UTC.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Span, ToSpan};

use super::{Args, Call};
use crate::rules::expression::error::{EvalErrorKind, Why};
use crate::rules::expression::eval::Outcome;
use crate::rules::expression::value::Value;

/// Start of the time scale of Active Directory: 100-nanosecond units from here (`FILETIME`, MS-DTYP 2.3.3).
const EPOCH: DateTime = DateTime::constant(1601, 1, 1, 0, 0, 0, 0);

pub(super) fn now<'a>(call: &Call, _: &mut Args<'a>) -> Outcome<'a> {
    call.now
        .map(Value::Date)
        .ok_or_else(|| Why::Volatile("Now").into())
}

/// A date and time from 100-nanosecond units since 1601.
pub(super) fn from_filetime(value: i64) -> Option<DateTime> {
    let seconds = value.div_euclid(10_000_000);
    let nanoseconds = i32::try_from(value.rem_euclid(10_000_000) * 100).ok()?;
    EPOCH
        .checked_add(SignedDuration::new(seconds, nanoseconds))
        .ok()
}

pub(super) fn date_from_num<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let Some(value) = call.number(args.get(0))? else {
        return Ok(Value::Null);
    };
    // Before 1601 there is no such date; the largest values mean "never" and are beyond what .NET can write.
    let date = (value >= 0).then(|| from_filetime(value)).flatten();
    date.map(Value::Date)
        .ok_or_else(|| call.error(EvalErrorKind::Range))
}

pub(super) fn num_from_date<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let Value::Date(date) = args.get(0) else {
        return if matches!(args.get(0), Value::Null) {
            Ok(Value::Null)
        } else {
            Err(call.wrong("date", args.get(0)))
        };
    };
    let since = date.duration_since(EPOCH);
    i64::try_from(since.as_nanos() / 100)
        .map(Value::Number)
        .map_err(|_| call.error(EvalErrorKind::Range))
}

/// Intervals by their letters: `yyyy q m y d w ww h n s`.
pub(super) fn date_add<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let interval = call.text(args.take(0))?.unwrap_or_default();
    let value = call.needed(args.get(1))?;
    let date = match args.get(2) {
        Value::Null => return Ok(Value::Null),
        Value::Date(date) => *date,
        other => return Err(call.wrong("date", other)),
    };
    let out_of_range = || call.error(EvalErrorKind::Range);
    let unit: Span = match interval.to_ascii_lowercase().as_str() {
        "yyyy" => 1.year(),
        "q" => 3.months(),
        "m" => 1.month(),
        "y" | "d" | "w" => 1.day(),
        "ww" => 1.week(),
        "h" => 1.hour(),
        "n" => 1.minute(),
        "s" => 1.second(),
        _ => return Err(call.error(EvalErrorKind::Constant(interval.into_owned()))),
    };
    let span = unit.checked_mul(value).map_err(|_| out_of_range())?;
    date.checked_add(span)
        .map(Value::Date)
        .map_err(|_| out_of_range())
}

/// Reads the forms the reference shows and those directories write: `2013-01-10`, `12/25/2007`,
/// `2013-01-10 4:00 PM -8`, `2012-01-01 23:00:00`, ISO 8601, generalized time `20140905081453.0Z`. Anything else is
/// refused: a guess between day and month would be worse.
pub(super) fn parse(text: &str) -> Option<DateTime> {
    let text = text.trim();
    if let Some(date) = generalized(text) {
        return Some(date);
    }
    let (day, rest) = text.split_at(text.find([' ', 'T', 't']).unwrap_or(text.len()));
    let date = calendar_day(day)?;
    let rest = rest.trim_start_matches(['T', 't']).trim();
    if rest.is_empty() {
        return Some(date.to_datetime(Time::midnight()));
    }
    let zone_at = rest.find(['+', '-', 'Z', 'z']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(zone_at);
    let local = date.to_datetime(time_of_day(clock.trim())?);
    local.checked_sub(offset(zone.trim())?).ok()
}

fn generalized(text: &str) -> Option<DateTime> {
    let body = text.strip_suffix('Z')?;
    let digits = body.split('.').next()?;
    if digits.len() != 14 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| digits[from..to].parse::<i8>().ok();
    let year = digits[..4].parse().ok()?;
    DateTime::new(
        year,
        part(4, 6)?,
        part(6, 8)?,
        part(8, 10)?,
        part(10, 12)?,
        part(12, 14)?,
        0,
    )
    .ok()
}

fn calendar_day(text: &str) -> Option<Date> {
    let mut parts = text.split(['-', '/']);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = if a.len() == 4 {
        (a, b, c)
    } else if c.len() == 4 {
        (c, a, b)
    } else {
        return None;
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn time_of_day(text: &str) -> Option<Time> {
    let upper = text.to_ascii_uppercase();
    let (clock, half) = match (upper.strip_suffix("PM"), upper.strip_suffix("AM")) {
        (Some(clock), _) => (clock.trim(), Some(true)),
        (_, Some(clock)) => (clock.trim(), Some(false)),
        _ => (upper.as_str(), None),
    };
    let mut parts = clock.split(':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let second: i8 = parts
        .next()
        .map_or(Some(0), |text| text.split('.').next()?.parse().ok())?;
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    parts
        .next()
        .is_none()
        .then(|| Time::new(hour, minute, second, 0).ok())
        .flatten()
}

fn offset(text: &str) -> Option<SignedDuration> {
    if text.is_empty() || text.eq_ignore_ascii_case("Z") {
        return Some(SignedDuration::ZERO);
    }
    let (sign, digits) = text.split_at_checked(1)?;
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "0"),
    };
    let hours: i64 = hours
        .parse()
        .ok()
        .filter(|hours| (0..=14).contains(hours))?;
    let minutes: i64 = minutes
        .parse()
        .ok()
        .filter(|minutes| (0..60).contains(minutes))?;
    let offset = SignedDuration::from_mins(hours * 60 + minutes);
    match sign {
        "+" => Some(offset),
        "-" => Some(-offset),
        _ => None,
    }
}

pub(super) fn format_date_time<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let format = call.text(args.take(1))?.unwrap_or_default();
    match args.get(0) {
        Value::Null => Ok(Value::Null),
        Value::Date(date) => write(*date, &format)
            .map(Value::owned)
            .ok_or_else(|| call.error(EvalErrorKind::Pattern)),
        other => Err(call.wrong("date", other)),
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// Writes by the custom specifiers of .NET (`y M d H h m s f t z K`, quoted text, `\c`), invariant culture.
fn write(date: DateTime, format: &str) -> Option<String> {
    let characters: Vec<char> = format.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while let Some(&c) = characters.get(at) {
        let run = characters[at..]
            .iter()
            .take_while(|other| **other == c)
            .count();
        match c {
            'y' | 'M' | 'd' | 'H' | 'h' | 'm' | 's' | 'f' | 'F' | 't' | 'z' | 'K' => {
                out.push_str(&specifier(date, c, run)?);
                at += run;
            }
            '\'' | '"' => {
                let length = characters[at + 1..].iter().position(|other| *other == c)?;
                out.extend(&characters[at + 1..at + 1 + length]);
                at += length + 2;
            }
            '\\' => {
                out.push(*characters.get(at + 1)?);
                at += 2;
            }
            '%' => at += 1,
            _ => {
                out.push(c);
                at += 1;
            }
        }
    }
    Some(out)
}

fn specifier(date: DateTime, letter: char, run: usize) -> Option<String> {
    let two = |value: i8| {
        if run == 1 {
            value.to_string()
        } else {
            format!("{value:02}")
        }
    };
    let month = MONTHS.get(usize::try_from(date.month() - 1).ok()?)?;
    let weekday = DAYS.get(usize::try_from(date.weekday().to_monday_zero_offset()).ok()?)?;
    let hour12 = (date.hour() + 11) % 12 + 1;
    let half = if date.hour() < 12 { "AM" } else { "PM" };
    Some(match (letter, run) {
        ('y', 1) => (date.year() % 100).to_string(),
        ('y', 2) => format!("{:02}", date.year() % 100),
        ('y', _) => format!("{:0run$}", date.year()),
        ('M', 3) => month[..3].to_owned(),
        ('M', 4..) => (*month).to_owned(),
        ('M', _) => two(date.month()),
        ('d', 3) => weekday[..3].to_owned(),
        ('d', 4..) => (*weekday).to_owned(),
        ('d', _) => two(date.day()),
        ('H', _) => two(date.hour()),
        ('h', _) => two(hour12),
        ('m', _) => two(date.minute()),
        ('s', _) => two(date.second()),
        ('f', 1..=7) => format!("{:09}", date.subsec_nanosecond())[..run].to_owned(),
        ('F', 1..=7) => format!("{:09}", date.subsec_nanosecond())[..run]
            .trim_end_matches('0')
            .to_owned(),
        ('t', 1) => half[..1].to_owned(),
        ('t', _) => half.to_owned(),
        ('z', 1) => "+0".to_owned(),
        ('z', 2) => "+00".to_owned(),
        ('z', _) => "+00:00".to_owned(),
        ('K', 1) => "Z".to_owned(),
        _ => return None,
    })
}
