//! Reads the dictionary that CMCD is written in: `bl=2100,bs,sid="a",mtp=(1200)`.
//!
//! Knows: the part of RFC 8941 (structured fields) that CTA-5004 uses, read leniently about spaces.
//! Never: what a key means. Untrusted: bounded in bytes, keys and items; recursion is one deep.

use super::CmcdError;

/// The longest record that is read, bytes. Players send a few hundred.
pub(super) const MAX_BYTES: usize = 4096;
/// The most keys of one record: CTA-5004-B has some fifty.
const MAX_KEYS: usize = 96;
/// The most items of one list.
const MAX_ITEMS: usize = 32;

/// A value of a key.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Number(f64),
    Flag(bool),
    /// A string or a token.
    Text(String),
    List(Vec<Self>),
}

/// Keys and values in the order they came.
pub(super) type Pairs = Vec<(String, Value)>;

/// Reads one record.
pub(super) fn parse(text: &str) -> Result<Pairs, CmcdError> {
    if text.len() > MAX_BYTES {
        return Err(CmcdError::TooLong);
    }
    let mut reader = Reader { rest: text.trim_matches([' ', '\t', '\r']) };
    let mut pairs = Pairs::new();
    while !reader.rest.is_empty() {
        if pairs.len() == MAX_KEYS {
            return Err(CmcdError::TooLong);
        }
        pairs.push(reader.pair()?);
        reader.spaces();
        if !reader.rest.is_empty() && !reader.take(',') {
            return Err(CmcdError::Syntax(reader.rest.chars().take(12).collect()));
        }
        reader.spaces();
    }
    Ok(pairs)
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn spaces(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    fn take(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn refuse<T>(&self) -> Result<T, CmcdError> {
        Err(CmcdError::Syntax(self.rest.chars().take(12).collect()))
    }

    fn pair(&mut self) -> Result<(String, Value), CmcdError> {
        let key = self.take_while(is_key);
        if key.is_empty() {
            return self.refuse();
        }
        let value = if self.take('=') { self.value()? } else { Value::Flag(true) };
        self.parameters()?;
        Ok((key.to_owned(), value))
    }

    fn value(&mut self) -> Result<Value, CmcdError> {
        if !self.take('(') {
            return self.item();
        }
        let mut items = Vec::new();
        loop {
            self.spaces();
            if self.take(')') {
                return Ok(Value::List(items));
            }
            if items.len() == MAX_ITEMS {
                return self.refuse();
            }
            items.push(self.item()?);
            self.parameters()?;
        }
    }

    /// Parameters are read and dropped: they name an object type, of which we have one.
    fn parameters(&mut self) -> Result<(), CmcdError> {
        while self.take(';') {
            self.spaces();
            let key = self.take_while(is_key);
            if key.is_empty() {
                return self.refuse();
            }
            if self.take('=') {
                self.item()?;
            }
        }
        Ok(())
    }

    fn item(&mut self) -> Result<Value, CmcdError> {
        match self.rest.chars().next() {
            Some('"') => self.string(),
            Some('?') => self.flag(),
            Some(':') => self.bytes(),
            Some('@' | '-' | '0'..='9') => self.number(),
            Some(c) if c.is_ascii_alphabetic() || c == '*' => {
                Ok(Value::Text(self.take_while(is_token).to_owned()))
            }
            _ => self.refuse(),
        }
    }

    fn string(&mut self) -> Result<Value, CmcdError> {
        self.take('"');
        let mut text = String::new();
        let mut characters = self.rest.char_indices();
        while let Some((at, c)) = characters.next() {
            match c {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(Value::Text(text));
                }
                '\\' => match characters.next() {
                    Some((_, escaped @ ('"' | '\\'))) => text.push(escaped),
                    _ => break,
                },
                c if c.is_control() => break,
                c => text.push(c),
            }
        }
        self.refuse()
    }

    fn flag(&mut self) -> Result<Value, CmcdError> {
        self.take('?');
        match (self.take('1'), self.take('0')) {
            (true, _) => Ok(Value::Flag(true)),
            (false, true) => Ok(Value::Flag(false)),
            (false, false) => self.refuse(),
        }
    }

    /// A byte sequence: what it holds is of no use to us.
    fn bytes(&mut self) -> Result<Value, CmcdError> {
        self.take(':');
        let text = self.take_while(|c| c.is_ascii_alphanumeric() || "+/=".contains(c));
        let value = Value::Text(text.to_owned());
        if self.take(':') { Ok(value) } else { self.refuse() }
    }

    fn number(&mut self) -> Result<Value, CmcdError> {
        // A date (RFC 9651) is an integer with a mark.
        self.take('@');
        let text = self.take_while(|c| c.is_ascii_digit() || matches!(c, '-' | '.'));
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Number(number)),
            _ => self.refuse(),
        }
    }
}

const fn is_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '*')
}

/// RFC 8941 section 3.3.4: `tchar`, colon and slash.
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~:/".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_every_kind() {
        let text = r#"bl=2100, bs,cid="a \"b\" \\, c",sf=d,su=?0,pr=1.08,mtp=(1200;v 96;a=1),x-y=:aGk=:,ts=@-5"#;
        let list = vec![Value::Number(1200.0), Value::Number(96.0)];
        let expected = [
            ("bl", Value::Number(2100.0)),
            ("bs", Value::Flag(true)),
            ("cid", Value::Text("a \"b\" \\, c".into())),
            ("sf", Value::Text("d".into())),
            ("su", Value::Flag(false)),
            ("pr", Value::Number(1.08)),
            ("mtp", Value::List(list)),
            ("x-y", Value::Text("aGk=".into())),
            ("ts", Value::Number(-5.0)),
        ];
        let expected: Vec<_> = expected.map(|(key, value)| (key.to_owned(), value)).into();
        assert_eq!(parse(text).unwrap(), expected);
        assert_eq!(parse(" ").unwrap(), []);
    }

    #[test]
    fn what_is_no_dictionary_is_refused() {
        for text in [
            "=1",
            "bl=",
            "bl=,",
            "bl=1 br=2",
            "cid=\"a",
            "cid=\"a\\",
            "cid=\"\\n\"",
            "mtp=(1 2",
            "mtp=((1))",
            "bl=1..2",
            "bl=--1",
            "bl=-",
            "su=?2",
            "x=:a",
            "bl=\u{e9}",
            "a;=1",
            "\"a\"",
        ] {
            assert!(matches!(parse(text), Err(CmcdError::Syntax(_))), "{text:?}");
        }
        let long = format!("cid=\"{}\"", "a".repeat(MAX_BYTES));
        assert_eq!(parse(&long), Err(CmcdError::TooLong));
        let many = "a,".repeat(MAX_KEYS + 1);
        assert_eq!(parse(&many), Err(CmcdError::TooLong));
        let items = format!("a=({})", "1 ".repeat(MAX_ITEMS + 1));
        assert!(matches!(parse(&items), Err(CmcdError::Syntax(_))));
    }
}
