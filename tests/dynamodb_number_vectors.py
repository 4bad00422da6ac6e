#!/usr/bin/env python3
"""Writes dynamodb_number_vectors.inc: numbers as written and as DynamoDB answers them, in
ascending order, and sums. Python's decimal is the reference."""
import decimal
import random

decimal.getcontext().prec = 80
random.seed(20120810)


def plain(number):
    text = format(number.normalize(), "f")
    return "0" if text in ("-0", "0") else text


def written(number):
    """One of the ways to write the number."""
    zeros = "00" if "." in plain(number) else ".0"
    forms = [plain(number), f"{number:E}", plain(number) + zeros]
    return random.choice(forms)


def draw():
    digits = random.choice([1, 2, 3, 5, 17, 37, 38])
    mantissa = random.choice([1, -1]) * random.randrange(1, 10**digits)
    # The leading digit stays between 1E-130 and 9.99E+125.
    lead = random.choice([-130, -129, -64, -3, -2, -1, 0, 1, 2, 3, 20, 64, 124, 125])
    return decimal.Decimal(mantissa).scaleb(lead - len(str(abs(mantissa))) + 1)


numbers = {plain(draw()): None for _ in range(300)}
numbers.update({plain(decimal.Decimal(n)): None
                for n in ["0", "1", "-1", "10", "-10", "0.1", "99", "100", "-99", "-100"]})
ordered = sorted(map(decimal.Decimal, numbers))
print("// Written by dynamodb_number_vectors.py; do not edit.")
print("constexpr Ordered kOrdered[] = {")
for number in ordered:
    print(f'    {{"{written(number)}",\n     "{plain(number)}"}},')
print("};\n\nconstexpr Sum kSums[] = {")
count = 0
while count < 60:
    one, two = random.choice(ordered), random.choice(ordered)
    total = one + two
    if total and len(total.normalize().as_tuple().digits) > 38:
        continue
    if abs(one.adjusted() - two.adjusted()) > 60 or (total and not -130 <= total.adjusted() <= 125):
        continue
    print(f'    {{"{plain(one)}",\n     "{plain(two)}",\n     "{plain(total)}"}},')
    count += 1
print("};")
