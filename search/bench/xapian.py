# Xapian behind the protocol of the bench: a JSON object a line on standard
# input, one on standard output. Terms come cut by the bench. Times are taken
# here, so that pipes and JSON do not count.
import json
import os
import sys
import time
from collections import Counter

import xapian

SLOTS = range(4)  # field, industry, stage, mode


def tell(answer):
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def build(folder):
    db = xapian.WritableDatabase(folder, xapian.DB_CREATE_OR_OVERWRITE)
    begin, done = time.perf_counter(), 0
    for line in sys.stdin:
        given = json.loads(line)
        doc = xapian.Document()
        doc.set_data(str(given["n"]))
        for term, count in Counter(given["terms"]).items():
            if len(term.encode()) < 240:
                doc.add_term(term, count)
        for slot in SLOTS:
            doc.add_value(slot, given["codes"][slot])
        db.add_document(doc)
        done += 1
        if done % 1000 == 0:
            tell({"total": done})
    db.commit()
    tell({"total": done, "us": int((time.perf_counter() - begin) * 1e6)})
    db.close()


class Server:
    def __init__(self, folder, texts, places):
        self.db = xapian.Database(folder)
        self.texts, self.places = open(texts, "rb"), open(places, "rb")

    def read(self, number):
        place = os.pread(self.places.fileno(), 16, number * 8)
        start, end = int.from_bytes(place[:8], "little"), int.from_bytes(place[8:], "little")
        text = json.loads(os.pread(self.texts.fileno(), end - start, start))
        return text.get("title", "") + "\n" + text["body"]

    def ask(self, query):
        enquire = xapian.Enquire(self.db)
        enquire.set_weighting_scheme(xapian.BM25Weight(1.2, 0, 1, 0.75, 0.5))
        enquire.set_query(query)
        return enquire

    def short(self, given):
        query = xapian.Query(xapian.Query.OP_OR, list(dict.fromkeys(given["terms"])))
        enquire, spies = self.ask(query), []
        for slot in SLOTS:
            spies.append(xapian.ValueCountMatchSpy(slot))
            enquire.add_matchspy(spies[-1])
        mset = enquire.get_mset(0, 20, self.db.get_doccount())
        for spy in spies:
            [(value.term, value.termfreq) for value in spy.values()]
        found, stem = [], xapian.Stem("none")
        for match in mset:
            number = int(match.document.get_data())
            found.append(number)
            mset.snippet(self.read(number), 360, stem, xapian.MSet.SNIPPET_CJK_NGRAM, "<b>", "</b>", "…")
        return {"found": found, "total": mset.get_matches_estimated()}

    def plain(self, given):
        query = xapian.Query(xapian.Query.OP_OR, list(dict.fromkeys(given["terms"])))
        return {"found": [int(match.document.get_data()) for match in self.ask(query).get_mset(0, 20)]}

    def match(self, given):
        terms = [xapian.Query(term, count) for term, count in Counter(given["terms"]).items()]
        return self.first(xapian.Query(xapian.Query.OP_OR, terms))

    def elite(self, given):
        terms = [xapian.Query(term, count) for term, count in Counter(given["terms"]).items()]
        return self.first(xapian.Query(xapian.Query.OP_ELITE_SET, terms, 30))

    def first(self, query):
        mset = self.ask(query).get_mset(0, 50)
        return {"found": [int(match.document.get_data()) for match in mset]}

    def settle(self, given):
        return {}


def serve(folder, texts, places):
    server = None
    for line in sys.stdin:
        given = json.loads(line)
        begin = time.perf_counter()
        try:
            if given["op"] == "open":
                server = Server(folder, texts, places)
                server.short(given)
                answer = {"total": server.db.get_doccount()}
            else:
                answer = getattr(server, given["op"])(given)
        except xapian.Error as failure:
            answer = {"error": str(failure)}
        answer["us"] = int((time.perf_counter() - begin) * 1e6)
        answer["timeout"] = answer["us"] > given["limit"] * 1000
        tell(answer)


if sys.argv[1] == "build":
    build(sys.argv[2])
else:
    serve(*sys.argv[2:5])
