//! CMCD as JSON: keys and values as the dictionary has them.
//!
//! Never: what a key means.

use serde_json::Value as Json;

use super::CmcdError;
use super::fields::{Pairs, Value};

/// The records of a document that is one object or a list of objects.
pub(super) fn records(bytes: &[u8], most: usize) -> Result<Vec<Pairs>, CmcdError> {
    let syntax = |error: serde_json::Error| CmcdError::Syntax(error.to_string());
    let document: Json = serde_json::from_slice(bytes).map_err(syntax)?;
    let records = match document {
        Json::Array(records) => records,
        record => vec![record],
    };
    if records.len() > most {
        return Err(CmcdError::TooLong);
    }
    records.into_iter().map(pairs).collect()
}

fn pairs(record: Json) -> Result<Pairs, CmcdError> {
    let Json::Object(fields) = record else {
        return Err(CmcdError::Syntax("a record is an object".to_owned()));
    };
    // What has no counterpart in a dictionary (null, an object) is no value of any key of ours.
    Ok(fields.into_iter().filter_map(|(key, value)| Some((key, read(value)?))).collect())
}

fn read(value: Json) -> Option<Value> {
    match value {
        Json::Bool(flag) => Some(Value::Flag(flag)),
        Json::Number(number) => number.as_f64().map(Value::Number),
        Json::String(text) => Some(Value::Text(text)),
        Json::Array(items) => Some(Value::List(items.into_iter().filter_map(read).collect())),
        Json::Null | Json::Object(_) => None,
    }
}
