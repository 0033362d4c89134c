// Package mongodb keeps collections in a MongoDB database, one MongoDB
// collection for each. A stored document is the fields of the body beside _id,
// version, created_at and changed_at, and can be read with any MongoDB tool.
//
// # What it asks of the server
//
// A standalone server or a replica set. Writes are acknowledged by a majority
// and from the journal, reads see what a majority has, on the primary. Only
// what means the same on MongoDB and on servers that speak its protocol is
// used: inserts, replacements that check _id and version, plain comparisons,
// and indexes on scalars that are always present. No transactions, change
// streams, upserts, pipelines, partial or TTL indexes.
//
// Every call ends within callLimit, and with its context if that is earlier. A
// write that ends so, or with the network, may have happened or not: the caller
// gets Unavailable. Trying again is safe, for an insert is then Taken by the
// caller's own id and a replacement is Stale. For the same reason the driver
// may not repeat writes by itself: not every server knows a repeated write
// again, and its answer would be Taken or Stale for one's own success. Reads
// are repeated once.
//
// # Changes
//
// A write carries the time at which its writer's clock stood before it was
// sent, so a change may appear behind a place that a reader has passed. Readers
// therefore go over the newest changes again, see cursor. Assumed is that the
// clocks of all processes that write or read are within clockSkew of each
// other. Then
//
//   - an acknowledged write is delivered in the first pass that begins after
//     its acknowledgement, that is, as soon as the reader asks again;
//   - a write that was answered by Unavailable and came to be nevertheless, say
//     because the server stood still meanwhile, is delivered within a minute of
//     becoming visible, if that is within wideOverlap of its time.
//
// The price is that documents changed during the last ten seconds are read at
// every call and those of the last eleven minutes once a minute.
package mongodb
