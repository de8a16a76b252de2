"""What the manuals say and what the source says, a fact a line.

    python3 manuals.py options WHAT PROG    letters, with a colon if they take
        something; WHAT: page, synopsis, usage (standard input is what -h
        says), contract (the first comment), source
    python3 manuals.py commands WHAT        of prof-spool: page, usage, source
    python3 manuals.py restarts WHAT PROG   keys that take one: page (those that
        its signals name), source
    python3 manuals.py exits WHAT PROG      page, contract, source
    python3 manuals.py phrases WHAT PROG    of the log: page (its own section
        of LOG LINES), several (that of all), source, bad (those of errors
        and warnings), advised (with what to do, PROG being anything)
    python3 manuals.py spool                what THE SPOOL lists
    python3 manuals.py files PROG           what FILES of its page lists
    python3 manuals.py examples PAGE        EXAMPLES, a NUL behind each

PROG is prof, recv, spool, ...; it says nothing of debug.
"""

import glob
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CMD = os.path.join(TOP, "cmd")


def read(*path):
    with open(os.path.join(*path)) as f:
        return f.read()


def page(prog):
    return read(CMD, "prof.8" if prog == "prof" else f"prof-{prog}.8")


def section(text, name, macro="Sh"):
    """The lines below a header, to the next one that is not smaller."""
    end = r"\.Sh " if macro == "Sh" else r"\.S[hs] "
    found = re.search(rf"^\.{macro} {re.escape(name)}\n(.*?)(?=^{end}|\Z)",
                      text, re.M | re.S)
    return found.group(1) if found else ""


def main_of(prog):
    return read(CMD, "prof" if prog == "prof" else f"prof-{prog}.c")


def contract(prog):
    """The first comment, bare of its asterisks or hashes."""
    text = main_of(prog)
    text = text[:text.index("set -u" if prog == "prof" else "*/")]
    return re.sub(r"^( \*|#) ?", "", text, flags=re.M)


# Options.

def fl(line):
    """Options of a line of mdoc: Fl htvV, Fl c Ar file, Fl -check."""
    words = line.lstrip(".").split()
    for i, word in enumerate(words[:-1]):
        if word != "Fl":
            continue
        flag, after = words[i + 1], words[i + 2:i + 3]
        if flag.startswith("-"):
            yield "-" + flag
        elif after in (["Ar"], ["No"]):
            yield flag + ":"
        else:
            yield from flag


def bracketed(text):
    """Options of a usage: [-htvV] [-c conf] -d name [-u url [-T types]]."""
    for flags, long, arg in re.findall(
            r"(?<![\w-])-(?:([A-Za-z0-9]+)|(-[a-z]+))( \w+| -)?", text):
        if long:
            yield "-" + long
        elif arg:
            yield flags + ":"
        else:
            yield from flags


def getopt(letters):
    for letter, colon in re.findall(r"([^:])(:?)", letters):
        yield "--check" if letter == "-" else letter + colon


def options(what, prog):
    if what == "page":
        lines = re.findall(r"^\.It (Fl .*)$", section(page(prog),
                           "DESCRIPTION"), re.M)
        return {option for line in lines for option in fl(line)}
    if what == "synopsis":
        return {option for line in section(page(prog), "SYNOPSIS").split("\n")
                for option in fl(line)}
    if what == "usage":
        usage = sys.stdin.read().split("\ncommands:")[0]
        usage = "".join(line + "\n" for line in usage.split("\n")
                        if not re.match(r" +(-|prof (run|status|trace|demo))",
                                        line))
        return set(bracketed(usage.replace("prof-", "")))
    if what == "contract":
        usage = re.search(r"^usage: (.*?)(?=^[a-z]+: )", contract(prog),
                          re.M | re.S).group(1)
        return set(bracketed(usage.replace("prof-", "")))
    if prog == "prof":
        return set(getopt(re.search(r"getopts (\S+)", main_of(prog)).group(1)))
    common = re.search(r'#define COMMON\s+"\+([^"]*)"',
                       read(TOP, "common/program.c")).group(1)
    own = dict(re.findall(r'\.(letters|without) = "([^"]*)"', main_of(prog)))
    return {option for option in getopt(common + own.get("letters", ""))
            if option[0] not in own.get("without", "")}


def commands(what):
    """Each with its options, as in "ls l q:"."""
    found = {}
    if what == "page":
        text = section(section(page("spool"), "DESCRIPTION"), "Commands", "Ss")
        for line in re.findall(r"^\.It Ic (.*)$", text, re.M):
            found[line.split()[0]] = set(fl(re.sub(r" Oc\b", "", line)))
    elif what == "usage":
        text = re.search(r"commands:(.*)", sys.stdin.read(), re.S).group(1)
        return sorted(re.findall(r"[a-z]+", text))
    else:
        names = re.findall(r'^\t\{ "([a-z]+)", hand_', main_of("spool"), re.M)
        names += re.findall(r'strcmp\(argv\[0\], "([a-z]+)"\)',
                            main_of("spool"))
        for name in names:
            source = {"retry": "ask", "rm": "ask"}.get(name, name)
            path = os.path.join(CMD, "spool", source + ".c")
            letters = os.path.exists(path) and re.search(
                r'getopt\(argc, argv, "\+?([^"]*)"\)', read(path))
            found[name] = set(getopt(letters.group(1) if letters else ""))
            if name == "rm":
                found[name].discard("a")
    return sorted(" ".join([name, *sorted(found[name])]) for name in found)


# Keys that take a restart, without their sections.

def restarts(what, prog):
    if what == "page":
        text = page(prog)
        text = section(text, "SIGNALS") or section(text, "Signals", "Ss")
        return {word for line in re.findall(r"^\.Ic (.*)$", text, re.M)
                for word in re.findall(r"[a-z_]{3,}", line)}
    keys = re.search(r"at_start\[\] = \{(.*?)\}", main_of(prog), re.S)
    found = set()
    for key in re.findall(r'"([^"]*)"', keys.group(1)):
        header, _, name = key.rpartition(".")
        found.add({"security": "sandbox", "election": "election"}.get(
            header, name))
    return found


# Exit codes.

def exits(what, prog):
    if what == "page":
        text = section(page(prog), "EXIT STATUS")
        return set(re.findall(r"^\.It (\d+)", text, re.M))
    if what == "contract":
        text = re.search(r"^exits: (.*?)(?=^$|^[A-Za-z#]|\Z)", contract(prog),
                         re.M | re.S).group(1)
        return set(re.findall(r"\b(0|2|100|111)\b", text))
    text = "".join(map(read, sources(prog)))
    if prog != "prof":
        text += read(TOP, "common/program.c")
    return {"0"} | set(re.findall(
        r"(?:return \(|exit[ (]|finish |[?:=] |, |\|)(2|100|111)\b", text))


# Log phrases.

def sources(prog):
    """Those of a program and its parts."""
    if prog == "prof":
        return [os.path.join(CMD, "prof")]
    return [os.path.join(CMD, f"prof-{prog}.c"),
            *sorted(glob.glob(os.path.join(CMD, prog, "*.c")))]


def modules(files):
    """Those of common/ that files need, by what they include."""
    seen, todo = set(), list(files)
    while todo:
        for name in re.findall(r'^#include "(\w+)\.h"', read(todo.pop()),
                               re.M):
            path = os.path.join(TOP, "common", name + ".c")
            if path not in seen and os.path.exists(path):
                seen.add(path)
                todo.append(path)
    return sorted(seen)


def calls(text, name):
    """The arguments of each call of a function, and where it begins."""
    for call in re.finditer(rf"\b{name}\(", text):
        args, depth, quoted, i = [""], 1, False, call.end()
        while depth > 0:
            c = text[i]
            if c == "\\":
                args[-1] += c
                i += 1
            elif c == '"':
                quoted = not quoted
            elif not quoted:
                depth += (c in "([{") - (c in ")]}")
            if c == "," and depth == 1 and not quoted:
                args.append("")
            elif depth > 0:
                args[-1] += text[i]
            i += 1
        yield call.start(), [arg.strip() for arg in args]


def said_by(text, name, place):
    """The literals that a function gets as its argument of that place."""
    for at, args in calls(text, name):
        literals = re.findall(r'"((?:[^"\\]|\\.)*)"', args[place])
        if literals:
            yield from literals
            continue
        inside = list(re.finditer(r"^(\w+)\((.*?)\)\n\{", text[:at],
                                  re.M | re.S))
        if inside and inside[-1].end() < at and args[place].isidentifier():
            names = [p.split()[-1].lstrip("*")
                     for p in inside[-1].group(2).split(",")]
            if args[place] in names:
                yield from said_by(text, inside[-1].group(1),
                                   names.index(args[place]))


def phrases_source(prog, levels=("log_err", "log_warn", "log_info")):
    if prog == "prof":
        info = "|info" if "log_info" in levels else ""
        return set(re.findall(rf'\blog (?:error|warn|"\$1"{info}) "([^"]*)"',
                              main_of(prog)))
    files = sources(prog)
    return {phrase for path in files + modules(files) for level in levels
            for phrase in said_by(read(path), level, 1)}


def phrases_page(name):
    text = section(read(CMD, "prof.7"), "LOG LINES")
    text = section(text, name, "Ss").replace("\\\n", "")
    return {re.sub(r"^No ", "", phrase.strip())
            for line in re.findall(r"^\.It (.*)$", text, re.M)
            for phrase in line.split(" ; ")}


def advised():
    """Phrases whose entry goes on with a sentence: what to do."""
    text = section(read(CMD, "prof.7"), "LOG LINES").replace("\\\n", "")
    for entry in re.split(r"^\.It ", text, flags=re.M)[1:]:
        head, _, rest = entry.partition("\n")
        if ".\n" in rest.split(".El")[0]:
            yield from (re.sub(r"^No ", "", phrase.strip())
                        for phrase in head.split(" ; "))


def phrases(what, prog):
    if what == "bad":
        return phrases_source(prog, ("log_err", "log_warn"))
    if what == "advised":
        return set(advised())
    if what == "several":
        return phrases_page("Of several programs")
    if what == "page":
        return phrases_page("prof" if prog == "prof" else f"prof-{prog}")
    return phrases_source(prog)


# Places and examples.

def unescaped(line):
    for escape, meant in (("\\(aq", "'"), ("\\(dq", '"'), ("\\&", ""),
                          ("\\e", "\\")):
        line = line.replace(escape, meant)
    return line


def paths(text):
    return [path for line in re.findall(r"^\.It Pa (.*)$", text, re.M)
            for path in line.replace(" Pa ", " ").split(" , ")]


def examples(name):
    text = section(read(CMD, name), "EXAMPLES")
    for one, block in re.findall(r"^\.Dl (.*)$|^\.Bd .*\n((?:.*\n)*?)\.Ed$",
                                 text, re.M):
        yield unescaped(one or block.rstrip("\n"))


def main():
    what, args = sys.argv[1], sys.argv[2:]
    if what == "examples":
        sys.stdout.write("".join(one + "\0" for one in examples(*args)))
        return
    if what == "spool":
        found = paths(section(read(CMD, "prof.7"), "THE SPOOL"))
    elif what == "files":
        found = paths(section(page(*args), "FILES"))
    else:
        found = {"options": options, "commands": commands, "exits": exits,
                 "phrases": phrases, "restarts": restarts}[what](*args)
    for fact in sorted(found):
        print(fact)


main()
