create table taxpayers (
    entry integer primary key, resident_number text not null, name text not null, arrears integer not null);
create table incomes (
    entry integer primary key, resident_number text not null, year integer not null, income integer not null);
create table businesses (
    entry integer primary key, business_number text not null, owner_number text not null, name text not null,
    business_type text not null, opened_on text not null, closed_on text);
create table vat_bases (
    entry integer primary key, business_number text not null, owner_number text not null, year integer not null,
    period text not null, base integer not null);
-- indexes
create unique index taxpayers_number on taxpayers (resident_number);
create index incomes_number on incomes (resident_number);
create unique index businesses_number on businesses (business_number);
create index businesses_owner on businesses (owner_number);
create index vat_bases_number on vat_bases (business_number);
create index vat_bases_owner on vat_bases (owner_number);
create index refunds_number on refunds (resident_number);
