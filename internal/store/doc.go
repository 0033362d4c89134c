// Package store is the contract between Jishi and its database: collections of
// documents with unique keys, indexed queries and a feed of changes. It knows
// two engines, store/sqlite and store/mongodb; store/storetest holds the suite
// both must pass.
//
// What the contract promises:
//
//   - Acknowledged means durable: when Insert or Update returns nil, the write
//     survives the death of this process at any moment.
//   - One write changes one document. There are no transactions; what must
//     follow a write is done by a follower under a deterministic id.
//   - The unique key is the only lock there is.
//   - Nothing is deleted. Withdrawn and erased are states.
//   - Every query runs on a declared index; a query no index serves is refused,
//     never scanned for.
//
// Documents are BSON in both engines, so that a document has the same fields
// and the same precision (times to the millisecond, UTC) wherever it lives.
package store
