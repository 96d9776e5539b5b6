-- The day the data are of: the newest delivery of any system. What lies after it nobody knows yet.
select max(delivered_on) as as_of_on from {{ source('lake', 'deliveries') }}
