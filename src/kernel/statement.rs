//! SQL that diesel's own language cannot say, prepared once a connection. `diesel::sql_query` is parsed and planned anew
//! each time, which for a page's question costs more than answering it.

use diesel::expression::{AsExpression, TypedExpressionType};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{SingleValue, SqlType, Untyped};

/// One statement and what is put into its places: `$1`, then `$2`, first named in that order.
pub struct Statement {
    text: &'static str,
    binds: Vec<Box<dyn QueryFragment<Pg> + Send>>,
}

impl Statement {
    /// This text, with nothing in its places yet.
    pub fn new(text: &'static str) -> Self {
        Self { text, binds: Vec::new() }
    }

    /// Puts a value into the next place.
    pub fn bind<T, V>(mut self, value: V) -> Self
    where
        T: SqlType + SingleValue + TypedExpressionType,
        V: AsExpression<T>,
        V::Expression: QueryFragment<Pg> + Send + 'static,
    {
        self.binds.push(Box::new(value.as_expression()));
        self
    }
}

impl QueryFragment<Pg> for Statement {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let mut rest = self.text;
        for (bind, nth) in self.binds.iter().zip(1..) {
            // Diesel counts places itself: the first naming of one is written by the bind, later ones stand as they are.
            let place = format!("${nth}");
            let (before, after) = rest.split_once(place.as_str()).ok_or(diesel::result::Error::QueryBuilderError(
                format!("the statement has no place {place}").into(),
            ))?;
            pass.push_sql(before);
            bind.walk_ast(pass.reborrow())?;
            rest = after;
        }
        pass.push_sql(rest);
        Ok(())
    }
}

impl QueryId for Statement {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement {
    type SqlType = Untyped;
}

impl RunQueryDsl<PgConnection> for Statement {}
