"""`scripts/bench ddb`: DynamoDB of sbemu beside dynalite 4 and an empty Beast server.

    scripts/bench ddb [--json] [--seconds S] [--runs N] [--connections 1,16,64] [--only OPERATION]
                      [--load N] [--no-build] [--binary FILE]

sbemu keeps its state on disk, dynalite its own in memory. wrk drives them in turn, each of the
runs one after the other, so that what else the machine does is shared; the median run counts.
Printed, per operation and number of connections: requests per second of both and their ratio, p50
and p99 of both; GetItem of the empty server, which answers a fixed body; resident memory of both.
An operation that sbemu does not have is "not there yet". dynalite has no transactions: for
TransactWriteItems of 4 it is asked the same as BatchWriteItem of 4.

--load N puts N items of 1 KB into a new emulator and compares point reads and queries after it
with those of a table of 1,000. The issue wants --load 1000000.

Ends with 1 if a limit is missed: they hold at 16 connections, that of p99 at all. Needs wrk and
npm (scripts/install bench); dynalite is what bench_peers/package-lock.json names.
"""
import concurrent.futures
import contextlib
import json
import pathlib
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from bench_emulator import PATIENCE_S, ROOT, Client, Emulator, Failure, resident_mb

PEERS = ROOT / "scripts" / "bench_peers"
AUTHORIZATION = ("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20170301/us-east-1/dynamodb/aws4_request,"
                 " SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=" + "0" * 64)
ITEMS = 10_000       # of which point operations choose one
PARTITIONS = 1_000   # of ten items each, for queries
BODIES = 2_000       # different requests per operation
AT_CONNECTIONS = 16  # where the ratios are promised
TEXT = "A text of two hundred characters. " * 6


def item(number, revision=0):
    return {"id": {"S": f"item-{number}"}, "revision": {"N": str(revision)}, "body": {"S": TEXT}}


def put_requests(count, chance):
    return [{"PutRequest": {"Item": item(number, chance.randrange(1000))}}
            for number in chance.sample(range(ITEMS), count)]


class Operation:
    """What is asked: `request` makes one from a random source; `wanted` is the least ratio."""

    def __init__(self, name, title, wanted, request, instead=None):
        self.name, self.title, self.wanted, self.request = name, title, wanted, request
        self.instead = instead or (name, request)  # for dynalite

    def bodies(self, peer):
        chance = random.Random(1)
        request = self.instead[1] if peer.is_dynalite else self.request
        return [json.dumps(request(chance)) for _ in range(BODIES)]

    def name_for(self, peer):
        return self.instead[0] if peer.is_dynalite else self.name


OPERATIONS = [
    Operation("PutItem", "PutItem", 5, lambda chance: {
        "TableName": "items", "Item": item(chance.randrange(ITEMS), chance.randrange(1000))}),
    Operation("GetItem", "GetItem", 5, lambda chance: {
        "TableName": "items", "Key": {"id": {"S": f"item-{chance.randrange(ITEMS)}"}}}),
    Operation("UpdateItem", "UpdateItem, condition", 4, lambda chance: {
        "TableName": "items", "Key": {"id": {"S": f"item-{chance.randrange(ITEMS)}"}},
        "UpdateExpression": "SET revision = :revision",
        "ConditionExpression": "attribute_exists(id) AND revision < :limit",
        "ExpressionAttributeValues": {":revision": {"N": str(chance.randrange(1000))},
                                      ":limit": {"N": "1000"}}}),
    Operation("Query", "Query of 10", 4, lambda chance: {
        "TableName": "events", "KeyConditionExpression": "id = :id",
        "ExpressionAttributeValues": {":id": {"S": f"stream-{chance.randrange(PARTITIONS)}"}}}),
    Operation("BatchWriteItem", "BatchWriteItem of 25", 4, lambda chance: {
        "RequestItems": {"items": put_requests(25, chance)}}),
    Operation("TransactWriteItems", "TransactWriteItems of 4", 4, lambda chance: {
        "TransactItems": [{"Put": {"TableName": "items", **entry["PutRequest"]}}
                          for entry in put_requests(4, chance)]},
        instead=("BatchWriteItem", lambda chance: {
            "RequestItems": {"items": put_requests(4, chance)}})),
]


class Peer:
    """One server that is measured."""

    def __init__(self, title, port, process, is_dynalite=False):
        self.title, self.port, self.process, self.is_dynalite = title, port, process, is_dynalite


class Dynamodb(Client):
    """A client whose requests dynalite takes, too: it looks at how they are signed."""

    def send(self, service, method, path, body=b"", headers=()):
        self.connection.request(method, path, body, {
            **dict(headers), "Authorization": AUTHORIZATION, "X-Amz-Date": "20170301T000000Z"})
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def create_table(self, name, **attributes):
        keys = ["HASH", "RANGE"]
        self.dynamodb(
            "CreateTable", TableName=name, BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": key, "KeyType": keys[place]}
                       for place, key in enumerate(attributes)],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": kind}
                                  for key, kind in attributes.items()])
        deadline = time.perf_counter() + PATIENCE_S
        while self.dynamodb("DescribeTable", TableName=name)["Table"]["TableStatus"] != "ACTIVE":
            if time.perf_counter() > deadline:
                raise Failure(f"the table {name} does not become ACTIVE")
            time.sleep(0.02)


@contextlib.contextmanager
def started(*command):
    """The process and its first line."""
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            yield process.pid, process.stdout.readline().decode()
        finally:
            process.terminate()


@contextlib.contextmanager
def dynalite():
    if not shutil.which("wrk"):
        raise Failure("wrk is missing: run scripts/install bench")
    program = PEERS / "node_modules" / "dynalite" / "cli.js"
    if not program.exists():
        subprocess.run(["npm", "ci", "--prefix", PEERS, "--ignore-scripts", "--no-audit",
                        "--no-fund"], check=True, stdout=sys.stderr, stdin=subprocess.DEVNULL)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with started("node", program, "--host", "127.0.0.1", "--port", str(port),
                 "--createTableMs", "0") as (process, line):
        if "listening" not in line:
            raise Failure("dynalite did not start")
        yield Peer("dynalite", port, process, is_dynalite=True)


@contextlib.contextmanager
def empty_server(binary):
    """Answers what GetItem does."""
    program = pathlib.Path(binary).parent / "tests" / "bench" / "empty_server"
    answer = json.dumps({"Item": item(1)}, separators=(",", ":"))
    with started(program, answer) as (process, line):
        yield Peer("empty", int(line), process)


@contextlib.contextmanager
def sbemu_on_disk(binary):
    # Beside the build: a temporary folder may be in memory.
    with (tempfile.TemporaryDirectory(dir=ROOT / "build", prefix="bench-state-") as state,
          Emulator(binary, state=state) as emulator):
        yield Peer("sbemu", emulator.port, emulator.process)


def fill(peer):
    """The tables and their items, the same in both."""
    client = Dynamodb(peer.port)
    client.create_table("items", id="S")
    client.create_table("events", id="S", number="N")
    for number in range(ITEMS):
        client.dynamodb("PutItem", TableName="items", Item=item(number))
    for number in range(10 * PARTITIONS):
        client.dynamodb("PutItem", TableName="events", Item={
            "id": {"S": f"stream-{number // 10}"}, "number": {"N": str(number % 10)},
            "body": {"S": TEXT}})


def is_there(peer, operation):
    """Whether the server has the operation. Raises Failure if it answers another error."""
    if peer.title == "empty":
        return True
    status, answer = Dynamodb(peer.port).send(
        "dynamodb", "POST", "/", operation.bodies(peer)[0].encode(),
        {"X-Amz-Target": "DynamoDB_20120810." + operation.name_for(peer),
         "Content-Type": "application/x-amz-json-1.0"})
    if status == 501 or b"NotImplemented" in answer:
        return False
    if status != 200:
        raise Failure(f"{peer.title} answers {operation.name} with {status}: {answer[:300]}")
    return True


def drive(peer, operation, bodies, connections, seconds, seed):
    """One run of wrk: requests per second, p50 and p99 in milliseconds."""
    said = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s",
         ROOT / "scripts" / "bench_wrk.lua", f"http://127.0.0.1:{peer.port}/", "--", bodies,
         operation.name_for(peer), AUTHORIZATION, str(seed)],
        check=True, capture_output=True, text=True).stdout
    run = json.loads(said.strip().splitlines()[-1])
    if run["broken"] or run["refused"]:
        raise Failure(f"{peer.title}, {operation.name}: not all requests were answered: {run}")
    return {"rate": run["requests"] / run["seconds"], "p50": run["p50"], "p99": run["p99"]}


def side_by_side(peers, operation, connections, options, folder):
    """The median run of each peer, by its title."""
    runs = {peer.title: [] for peer in peers}
    for peer in peers:
        (folder / peer.title).write_text("\n".join(operation.bodies(peer)) + "\n")
    for turn in range(options.runs):
        for peer in peers if turn % 2 == 0 else reversed(peers):
            runs[peer.title].append(drive(peer, operation, folder / peer.title, connections,
                                          options.seconds, turn + 1))
    return {title: {name: statistics.median(run[name] for run in measured) for name in measured[0]}
            for title, measured in runs.items()}


def row_of(operation, connections, results):
    ours, theirs = results["sbemu"], results["dynalite"]
    row = {"operation": operation.title, "connections": connections, "sbemu": ours,
           "dynalite": theirs, "ratio": ours["rate"] / theirs["rate"], "missed": []}
    if connections == AT_CONNECTIONS and row["ratio"] < operation.wanted:
        row["missed"].append(f"{operation.wanted} times dynalite")
    if ours["p99"] > theirs["p99"]:
        row["missed"].append("p99 of dynalite")
    if "empty" in results:
        row["empty"] = results["empty"]
        row["of_empty"] = ours["rate"] / results["empty"]["rate"]
        if connections == AT_CONNECTIONS and row["of_empty"] < 0.7:
            row["missed"].append("0.7 of the empty server")
    return row


def print_row(row):
    if "not_there" in row:
        print(f"{row['operation']:24}        sbemu: not there yet", flush=True)
        return
    ours, theirs = row["sbemu"], row["dynalite"]
    text = (f"{row['operation']:24} {row['connections']:3}  {ours['rate']:8.0f}"
            f" {theirs['rate']:8.0f} {row['ratio']:6.1f}x  {ours['p50']:7.2f} {theirs['p50']:7.2f}"
            f"  {ours['p99']:7.2f} {theirs['p99']:7.2f}")
    if "empty" in row:
        text += f"  {row['of_empty']:.2f} of empty ({row['empty']['rate']:.0f}/s)"
    if row["missed"]:
        text += "  MISSED: " + ", ".join(row["missed"])
    print(text, flush=True)


def compare(options, rows, tell):
    chosen = [operation for operation in OPERATIONS if options.only in (None, operation.name)]
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(sbemu_on_disk(options.binary))
        theirs = stack.enter_context(dynalite())
        empty = stack.enter_context(empty_server(options.binary))
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        fill(ours)
        fill(theirs)
        for operation in chosen:
            if not is_there(ours, operation):
                rows.append({"operation": operation.title, "not_there": True, "missed": []})
                tell(rows[-1])
                continue
            is_there(theirs, operation)
            peers = [ours, theirs] + ([empty] if operation.name == "GetItem" else [])
            for peer in peers:  # warms up, dynalite's compiler above all
                (folder / "warm").write_text("\n".join(operation.bodies(peer)) + "\n")
                drive(peer, operation, folder / "warm", AT_CONNECTIONS, 1, 99)
            for connections in options.connections:
                rows.append(row_of(operation, connections, side_by_side(
                    peers, operation, connections, options, folder)))
                tell(rows[-1])
        return {peer.title: resident_mb(peer.process) for peer in (ours, theirs)}


class Loader:
    """Puts items of 1 KB over some connections, many requests at once on each."""

    CONNECTIONS, AT_ONCE = 4, 32

    def __init__(self, port, table):
        self.table = table
        self.sockets = [socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
                        for _ in range(self.CONNECTIONS)]
        self.head = ("POST / HTTP/1.1\r\nHost: dynamodb.us-east-1.amazonaws.com\r\n"
                     f"Authorization: {AUTHORIZATION}\r\n"
                     "X-Amz-Target: DynamoDB_20120810.PutItem\r\n"
                     "Content-Type: application/x-amz-json-1.0\r\nContent-Length: ")

    def request(self, number):
        body = (f'{{"TableName":"{self.table}","Item":{{"id":{{"S":"stream-{number // 10}"}},'
                f'"number":{{"N":"{number % 10}"}},"body":{{"S":"' + "x" * 950 + '"}}}')
        return f"{self.head}{len(body)}\r\n\r\n{body}".encode()

    def drive(self, place, count):
        connection = self.sockets[place]
        numbers = range(place, count, self.CONNECTIONS)
        for start in range(0, len(numbers), self.AT_ONCE):
            chunk = numbers[start:start + self.AT_ONCE]
            connection.sendall(b"".join(map(self.request, chunk)))
            answers = b""
            while answers.count(b"HTTP/1.1 200 OK\r\n") < len(chunk):
                piece = connection.recv(1 << 18)
                answers += piece
                if not piece or b'"__type"' in piece:
                    raise Failure("PutItem answered " + answers.decode(errors="replace")[-600:])

    def load(self, count):  # gives the seconds it took
        with concurrent.futures.ThreadPoolExecutor(self.CONNECTIONS) as threads:
            started = time.perf_counter()
            list(threads.map(self.drive, range(self.CONNECTIONS), [count] * self.CONNECTIONS))
            return time.perf_counter() - started


def reads_of(table, count):
    """Point reads and queries over a table that a Loader filled."""
    yield Operation("GetItem", f"GetItem, {count:,} items", None, lambda chance: {
        "TableName": table, "Key": {"id": {"S": f"stream-{chance.randrange(count // 10)}"},
                                    "number": {"N": str(chance.randrange(10))}}})
    yield Operation("Query", f"Query of 10, {count:,} items", None, lambda chance: {
        "TableName": table, "KeyConditionExpression": "id = :id", "ExpressionAttributeValues": {
            ":id": {"S": f"stream-{chance.randrange(count // 10)}"}}})


def measure_load(options, rows, tell):
    counts = {"small": 1_000, "large": options.load}
    with sbemu_on_disk(options.binary) as peer, tempfile.TemporaryDirectory() as folder:
        client = Dynamodb(peer.port)
        for table, count in counts.items():
            client.create_table(table, id="S", number="N")
            seconds = Loader(peer.port, table).load(count)
            rows.append({"text": f"{count:,} items of 1 KB loaded", "seconds": seconds,
                         "rate": count / seconds, "missed": []})
            tell(rows[-1])
        for pair in zip(*(list(reads_of(table, count)) for table, count in counts.items())):
            if not is_there(peer, pair[0]):
                continue
            rates = {operation.title: [] for operation in pair}
            for turn in range(2 * options.runs):
                for operation in pair if turn % 2 == 0 else reversed(pair):
                    bodies = pathlib.Path(folder) / "bodies"
                    bodies.write_text("\n".join(operation.bodies(peer)) + "\n")
                    rates[operation.title].append(drive(
                        peer, operation, bodies, AT_CONNECTIONS, options.seconds, turn)["rate"])
            before, after = (statistics.median(of) for of in rates.values())
            rows.append({"text": pair[1].title + f" ({before:.0f}/s of 1,000)", "rate": after,
                         "kept": after / before, "missed": []})
            if after < 0.8 * before:
                rows[-1]["missed"].append("0.8 of the rate with 1,000 items")
            tell(rows[-1])
        rows.append({"text": "resident memory after it", "missed": [],
                     "mb": resident_mb(peer.process)})
        tell(rows[-1])


def print_load_row(row):
    text = f"{row['text']:48}"
    for name, unit in (("seconds", "s"), ("rate", "/s"), ("mb", "MB")):
        if name in row:
            text += f" {row[name]:9.1f} {unit}"
    if "kept" in row:
        text += f"  {row['kept']:.2f} of it"
    if row["missed"]:
        text += "  MISSED: " + ", ".join(row["missed"])
    print(text, flush=True)


def add_options(parser):
    parser.add_argument("--seconds", type=int, default=2, help="ddb: how long a run of wrk lasts")
    parser.add_argument("--connections", default=[1, 16, 64],
                        type=lambda text: [int(part) for part in text.split(",")],
                        help="ddb: at how many connections to measure")
    parser.add_argument("--only", choices=[operation.name for operation in OPERATIONS],
                        help="ddb: measure only this operation")
    parser.add_argument("--load", type=int, metavar="N",
                        help="ddb: measure instead what a table of N items of 1 KB costs")


def main(options):
    rows, memory = [], {}
    say = not options.json
    try:
        if options.load:
            measure_load(options, rows, print_load_row if say else lambda row: None)
        else:
            if say:
                print(f"{'':24}  at     sbemu dynalite   ratio   p50 of sbemu, dyn.  p99 (ms)")
            memory = compare(options, rows, print_row if say else lambda row: None)
            if say:
                print(f"resident memory: sbemu {memory['sbemu']:.1f} MB, "
                      f"dynalite {memory['dynalite']:.1f} MB")
    except Failure as failure:
        print(f"scripts/bench: {failure}", file=sys.stderr)
        return 1
    if options.json:
        json.dump({"rows": rows, "resident_mb": memory}, sys.stdout, indent=1)
        print()
    return 1 if any(row["missed"] for row in rows) else 0
