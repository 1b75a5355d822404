//! Small changes of a JSON value, one at a time, always the same ones.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

/// One change: the value that stood at a place, what stands there now, and the whole value with it.
pub(super) struct Change<'a> {
    pub(super) place: &'a str,
    pub(super) from: &'a Value,
    pub(super) to: &'a Value,
    pub(super) whole: &'a Value,
}

/// Hands on each change of the value in turn.
///
/// Places of one shape (the same keys on the way, the same type, the same keys in it) are changed once; what lies beside the
/// way is shortened to the first item of each list.
pub(super) fn each(value: &Value, take: &mut dyn FnMut(&Change<'_>)) {
    walk(value, "", &mut HashSet::new(), take);
}

fn walk(value: &Value, place: &str, seen: &mut HashSet<String>, take: &mut dyn FnMut(&Change<'_>)) {
    if seen.insert(format!("{place} {}", shape(value))) {
        for to in changes(value) {
            take(&Change {
                place,
                from: value,
                to: &to,
                whole: &to,
            });
        }
    }
    match value {
        Value::Object(object) => {
            let mut beside: Map<String, Value> = object.clone();
            beside.values_mut().for_each(shorten);
            for (key, value) in object {
                // The names of settings are no fields.
                let step = if key.contains('.') { "*" } else { key };
                walk(value, &format!("{place}/{step}"), seen, &mut |change| {
                    let mut whole = beside.clone();
                    whole.insert(key.clone(), change.whole.clone());
                    take(&Change {
                        whole: &whole.into(),
                        ..*change
                    });
                });
            }
        }
        Value::Array(items) => {
            for item in items {
                walk(item, &format!("{place}/*"), seen, &mut |change| {
                    take(&Change {
                        whole: &json!([change.whole]),
                        ..*change
                    });
                });
            }
        }
        _ => {}
    }
}

fn shape(value: &Value) -> String {
    match value {
        Value::Object(object) => object
            .keys()
            .fold("object".to_owned(), |all, key| all + " " + key),
        Value::Array(items) => format!("list {}", items.is_empty()),
        Value::String(_) => "text".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::Bool(_) => "switch".to_owned(),
        Value::Null => "null".to_owned(),
    }
}

fn shorten(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.truncate(1);
            items.iter_mut().for_each(shorten);
        }
        Value::Object(object) => object.values_mut().for_each(shorten),
        _ => {}
    }
}

/// Every change of the value itself.
fn changes(value: &Value) -> Vec<Value> {
    let mut changes = others(value);
    match value {
        Value::Object(object) => {
            for key in object.keys() {
                let mut without = object.clone();
                without.remove(key);
                changes.push(without.into());
                changes.push(renamed(object, key).into());
            }
            for added in [json!("text"), json!(1)] {
                let mut with = object.clone();
                with.insert("addedByTest".to_owned(), added);
                changes.push(with.into());
            }
            for change in &mut changes {
                if change.is_object() {
                    shorten(change);
                }
            }
        }
        Value::Array(items) => {
            for added in [json!("text"), json!(1), json!({}), Value::Null] {
                let mut with: Vec<Value> = items.iter().take(1).cloned().collect();
                with.push(added);
                changes.push(with.into());
            }
        }
        _ => {}
    }
    changes
}

/// The object with one key in another letter case.
fn renamed(object: &Map<String, Value>, key: &str) -> Map<String, Value> {
    let mut renamed = object.clone();
    if let Some(value) = renamed.remove(key) {
        let other = if key == key.to_lowercase() {
            key.to_uppercase()
        } else {
            key.to_lowercase()
        };
        renamed.insert(other, value);
    }
    renamed
}

/// Values of every type, and of the same type with something wrong.
fn others(value: &Value) -> Vec<Value> {
    let mut others = vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(70_000),
        json!(5_000_000_000_u64),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1.5),
        json!(1e300),
        json!(""),
        json!("text"),
        json!({}),
        json!({"known": null}),
        json!({"unknown": {}}),
        json!([]),
        json!([[]]),
    ];
    if let Value::String(text) = value {
        others.push(format!("x{text}").into());
        others.push(format!("{text}=").into());
        others.push(format!("{text}\n").into());
        others.push(text.chars().skip(1).collect::<String>().into());
        others.push(text.to_uppercase().into());
        others.push(text.to_lowercase().into());
        others.push(text.replace(['-', ':'], "").into());
        others.push(text.replace("-10-", "-13-").into());
        others.push(text.replace('Z', "").into());
    }
    others
}
