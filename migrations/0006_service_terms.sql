-- What the search looks in: single words instead of whole texts. Comparing a query with a text of 400 letters costs as much
-- as with all its words, and no index answers it. No version: the words of the catalogue in force replace those before.
create table service_terms (
    service text not null,
    term text not null,
    in_name boolean not null,
    constraint service_terms_pkey primary key (service, term)
);
-- Without fastupdate: a list of pending entries would be read from its beginning by each search.
create index service_terms_term_trgm on service_terms using gin (term gin_trgm_ops) with (fastupdate = off);

insert into service_terms (service, term, in_name)
select service, term, bool_or(in_name)
from (
    select service, regexp_split_to_table(words, '\s+') as term, false as in_name
    from service_words join catalogue_current using (digest)
    union all
    select service, regexp_split_to_table(name, '\s+'), true from service_words join catalogue_current using (digest)
) as terms
where term <> ''
group by service, term;

drop table service_words;
grant select on service_terms to madang_server;
