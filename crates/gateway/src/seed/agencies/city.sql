create table seals (
    entry integer primary key, resident_number text not null, registered integer not null);
create table levies (
    entry integer primary key, resident_number text not null, year integer not null, tax_item text not null,
    amount integer not null, on_property integer not null);
create table parcels (
    parcel text primary key, zone text not null, building_allowed integer not null,
    restrictions text not null) without rowid;
create table land_prices (
    parcel text not null, year integer not null, price integer not null, primary key (parcel, year)) without rowid;
-- indexes
create unique index seals_number on seals (resident_number);
create index levies_number on levies (resident_number, year);
create index refunds_number on refunds (resident_number);
