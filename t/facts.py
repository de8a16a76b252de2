"""Facts that must hold for all of many requests, each in a file of its own.

    fact = facts.Facts()

    @fact
    def delivered_once(trip):
        ... yield a sentence for what does not hold ...

    fact.say(out, trips)

writes out/delivered_once: a line for everything that does not hold for one of
the trips, with its label, then "N requests, M wrong".
"""

import os


class Facts(list):
    def __call__(self, function):
        self.append(function)
        return function

    def say(self, out, trips):
        os.makedirs(out, exist_ok=True)
        for check in self:
            wrong = [f"{trip.label}: {sentence}" for trip in trips
                     for sentence in check(trip)]
            wrong.append(f"{len(trips)} requests, {len(wrong)} wrong")
            with open(os.path.join(out, check.__name__), "w") as f:
                f.write("\n".join(wrong) + "\n")
