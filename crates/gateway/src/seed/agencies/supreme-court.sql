create table persons (
    entry integer primary key, resident_number text not null, name text not null, born_on text not null,
    died_on text, custody text);
create table parents (child text not null, parent text not null, place integer not null);
create table marriages (person text not null, partner text not null, married_on text not null, ended_on text);
create table land_registry (
    parcel text primary key, owner text not null, mortgages text not null) without rowid;
create table companies (
    corporation_number text primary key, name text not null, officers text not null,
    capital integer not null) without rowid;
-- indexes
create unique index persons_number on persons (resident_number);
create index parents_child on parents (child, place);
create index parents_parent on parents (parent);
create index marriages_person on marriages (person);
