//! Named parameters, such as `:year`, as PostgreSQL wants them: `$2`.

use std::sync::Arc;

/// A query with numbered parameters.
pub(in crate::register) struct Named {
    /// The query.
    pub(in crate::register) sql: Arc<str>,
    /// The names of its parameters with the colon: the first is that of `$1`.
    pub(in crate::register) names: Vec<String>,
    /// Whether the query numbers parameters itself; it may not.
    pub(in crate::register) numbered: bool,
}

impl Named {
    /// Numbers the parameters of `query`. What stands in quotes and comments is left alone, and so is the cast `::`.
    pub(in crate::register) fn read(query: &str) -> Self {
        let (mut sql, mut names, mut numbered) = (String::with_capacity(query.len()), Vec::new(), false);
        let (mut rest, mut before) = (query, ' ');
        while let Some(first) = rest.chars().next() {
            let name = name_at(rest, before);
            let taken = if let Some(name) = name {
                let known = names.iter().position(|known| known == name);
                let number = known.unwrap_or_else(|| {
                    names.push(name.to_owned());
                    names.len() - 1
                });
                sql.push('$');
                sql.push_str(&(number + 1).to_string());
                name.len()
            } else {
                numbered |=
                    first == '$' && !in_name(before) && rest[1..].starts_with(|c: char| c.is_ascii_digit());
                let whole = quoted(rest, before).unwrap_or(first.len_utf8());
                sql.push_str(&rest[..whole]);
                whole
            };
            before = rest[..taken].chars().next_back().unwrap_or(' ');
            rest = &rest[taken..];
        }
        Self { sql: sql.into(), names, numbered }
    }

    /// Whether the query uses the parameter.
    pub(in crate::register) fn uses(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }
}

fn in_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The parameter at the beginning of `rest`, with its colon.
fn name_at(rest: &str, before: char) -> Option<&str> {
    let name = rest.strip_prefix(':').filter(|_| before != ':')?;
    let end = name.find(|c: char| !in_name(c)).unwrap_or(name.len());
    let begins = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    begins.then(|| &rest[..=end])
}

/// How long the text in quotes or the comment is that `rest` begins with. What does not end goes to the end.
fn quoted(rest: &str, before: char) -> Option<usize> {
    let through =
        |from: usize, end: &str| rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len());
    match rest.as_bytes() {
        [b'-', b'-', ..] => Some(through(2, "\n")),
        [b'/', b'*', ..] => Some(comment(rest)),
        // In E'…' a backslash takes the next character with it.
        [b'\'', ..] if matches!(before, 'e' | 'E') => Some(escaped(rest)),
        [b'\'', ..] => Some(through(1, "'")),
        [b'"', ..] => Some(through(1, "\"")),
        [b'$', ..] if !in_name(before) => {
            let end = 1 + rest[1..].find(|c: char| !in_name(c))?;
            let tag = rest.get(..=end).filter(|tag| tag.ends_with('$'))?;
            (!tag[1..].starts_with(|c: char| c.is_ascii_digit())).then(|| through(tag.len(), tag))
        }
        _ => None,
    }
}

/// The length of a comment, in which others may be nested.
fn comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match rest.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a text in single quotes with backslashes.
fn escaped(rest: &str) -> usize {
    let mut skip = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if skip => skip = false,
            '\\' => skip = true,
            '\'' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_number_and_the_same_name_the_same_number() {
        let named = Named::read(
            "select a::text from t where n = :number and (:year is null or y=:year) limit :limit",
        );
        assert_eq!(&*named.sql, "select a::text from t where n = $1 and ($2 is null or y=$2) limit $3");
        assert_eq!(named.names, [":number", ":year", ":limit"]);
        assert!(named.uses(":year") && !named.uses(":after") && !named.numbered);
    }

    #[test]
    fn what_stands_in_quotes_and_comments_is_left_alone() {
        for text in [
            "select ':a', 'it''s :a', \"c:a\", E'\\':a' -- :a\n",
            "select /* :a /* :a */ :a */ 1, $$ :a $$, $x$ :a $$ :a $x$, now()::date, '대장 :a'",
            "select ':a",
            "select /* :a",
            "select $x$ :a",
            "한글",
        ] {
            let named = Named::read(text);
            assert_eq!((&*named.sql, named.names.len(), named.numbered), (text, 0, false));
        }
        let named = Named::read("select ':a'||:b, e'\\\\'||:c, x::text::date, :b::int, $x$ :a $x$||:d");
        assert_eq!(&*named.sql, "select ':a'||$1, e'\\\\'||$2, x::text::date, $1::int, $x$ :a $x$||$3");
    }

    #[test]
    fn a_number_of_its_own_is_seen() {
        assert!(Named::read("select $1").numbered);
        assert!(!Named::read("select a$1, '$1'").numbered);
    }
}
