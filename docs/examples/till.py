"""A till that sells and takes back through `tillwire serve`. Python 3.8, standard library only.

  export TILLWIRE_TOKEN=$(python3 till.py pair 493027 kassa-1)   # the code of `tillwire pair`
  python3 till.py sell S-17 1500 A17            # KEY AMOUNT [TICKET], minor units of the currency
  python3 till.py last
  python3 till.py void V-17 1500 ana returned   # KEY AMOUNT OPERATOR REASON [TICKET]

S-17 and V-17 are keys: the till's own ids of the sale and of the void, on its disk before it asks.
Whatever happens, it asks again with the same key, which never moves money twice.

Exit status: 0 done as asked; 1 certainly not done; 2 wrong usage; 3 IN DOUBT, money may have moved:
run the same line again; 4 failed, and this run moved no money.
"""
import http.client
import json
import os
import sys
import time

BRIDGE = os.environ.get("TILLWIRE_BRIDGE", "127.0.0.1:7465")
TERMINAL = os.environ.get("TILLWIRE_TERMINAL", "front")
PATIENCE = float(os.environ.get("TILLWIRE_PATIENCE", "600"))  # seconds without the service
HEADERS = {
    "Authorization": "Bearer " + os.environ.get("TILLWIRE_TOKEN", ""),
    "Accept-Language": os.environ.get("TILLWIRE_LANGUAGE", "en"),
    "Content-Type": "application/json",
    "X-Tillwire": "1",
}
ORDERS = {  # what the service calls it, its fields, and what it should come to
    "sell": ("sales", ["amount", "ticket"], "approved"),
    "void": ("voids", ["amount", "operator", "reason", "ticket"], "voided"),
    "last": ("last-transaction", [], "found"),
}


class Unanswered(Exception):
    """No answer, or none that makes sense: the request may have been carried out."""


class Problem(Exception):
    """The service says no (RFC 9457). `effect` none: this request moved no money."""

    def __init__(self, problem, retry_after):
        self.code, self.effect = problem["code"], problem["effect"]
        self.retry_after = retry_after and int(retry_after)
        said = [problem.get("operatorMessage"), problem.get("detail")]
        super().__init__(f"{' '.join(filter(None, said))} ({self.code})")


def show(text, to=sys.stdout):
    """What a terminal sends is printed; control characters in it are not obeyed."""
    print("".join(c for c in text if c.isprintable() or c == "\n"), file=to, flush=True)


def ask_once(read, method, path, body, headers):
    """One request, and what `read` makes of its answer."""
    line = http.client.HTTPConnection(BRIDGE, timeout=45)  # s; a stream says something every 15
    try:
        content = None if body is None else json.dumps(body)
        line.request(method, path, content, {**HEADERS, **headers})
        answer = line.getresponse()
        if answer.status < 300:
            return read(answer)
        raise Problem(json.load(answer), answer.getheader("Retry-After"))
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError) as cause:
        raise Unanswered(f"No answer from {BRIDGE}: {cause!r}") from cause
    finally:
        line.close()


def ask(read, method, path, body=None, headers={}):
    """Asks until there is an answer. Only for what has a key, or moves no money."""
    give_up_at, unanswered = time.monotonic() + PATIENCE, False
    while True:
        try:
            return ask_once(read, method, path, body, headers)
        except Unanswered as silence:
            failure, pause, unanswered = silence, 1, True
        except Problem as problem:
            if problem.code == "unknown-command":
                return None  # nothing of it is on record: it never left
            failure, pause = problem, problem.retry_after
            if unanswered or "Idempotency-Key" not in headers:
                problem.effect = "unknown"  # it is a no to this, not to what was asked before
        if pause is None or time.monotonic() + pause > give_up_at:
            raise failure
        show(f"{failure}; asking again", sys.stderr)
        time.sleep(pause)


def follow(href):
    """Shows the events of a command, and gives its last view; None when it never left."""
    behind = {"Last-Event-ID": "0"}

    def watch(stream):
        event = {}
        for line in stream:
            field, _, value = line.decode().rstrip("\n").partition(": ")
            if field:
                event[field] = value
            elif "data" in event:  # an empty line ends an event
                said, behind["Last-Event-ID"] = json.loads(event.pop("data")), event["id"]
                if said["type"] == "prompt":
                    show(said["operatorMessage"], sys.stderr)
                if said["type"] == "receipt":
                    show("\n".join(said["lines"]))

    while True:
        ask(watch, "GET", href + "/events", headers=behind)  # to the end, or until it breaks off
        view = ask(json.load, "GET", href)
        if view is None or view["state"] not in ("queued", "running"):
            return view


def command(what, body, headers={}):
    """Has it done, and gives how it ended, whoever was gone and came back in between."""
    while True:
        accepted = ask(json.load, "POST", f"/v1/terminals/{TERMINAL}/{what}", body, headers)
        view = follow(accepted["href"])
        if view is not None:
            return view  # otherwise the service was gone before anything left: ask again


def main(what="", key=None, *values):
    if what not in ("pair", *ORDERS):
        return show(__doc__) or 2
    try:
        if what == "pair":
            body, key = {"code": key, "name": values[0]}, None
            del HEADERS["Authorization"]
            return show(ask_once(json.load, "POST", "/v1/pairing", body, {})["token"])
        resource, fields, wanted = ORDERS[what]
        body = {name: int(word) if name == "amount" else word for name, word in zip(fields, values)}
        view = command(resource, body, {"Idempotency-Key": key} if key else {})
        if view["state"] == "in-doubt":
            show(view["error"]["operatorMessage"], sys.stderr)
            command("recoveries", {})  # asks the terminal how it ended
            view = ask(json.load, "GET", view["href"])
        ending = view.get("result") or view["error"]
        show(ending["operatorMessage"])
        outcome = ending.get("decision") or ending.get("outcome")  # a person's decision counts
        return {"done": 0 if outcome == wanted else 1, "failed": 4}.get(view["state"], 3)
    except (Problem, Unanswered, KeyboardInterrupt) as left:
        show(f"{type(left).__name__}: {left}", sys.stderr)
        return 3 if key and getattr(left, "effect", "unknown") != "none" else 4


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
