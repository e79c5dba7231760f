# SPDX-License-Identifier: MIT
#
# Count the results of one suite.  Reads TAP or KTAP on standard input; prints
# "PASSED FAILED SKIPPED" and nothing else.
#
# kselftest prints the results of a program behind "# "; those count too, so
# that a program with forty tests is forty tests.  A level's plan must be met:
# a suite that dies half-way has failed, whatever it printed before.

function depth_of(line,	d)
{
	d = 0
	while (sub(/^(#|  ) ?/, "", line))
		d++
	rest = line
	return d
}

function close_level(d)
{
	if (d in plan && plan[d] != seen[d])
		failed++
	delete plan[d]
	delete seen[d]
}

{
	sub(/\r$/, "")
	d = depth_of($0)
}

rest ~ /^(TAP|KTAP) version/ {
	close_level(d)
	started = 1
	next
}

rest ~ /^1\.\.[0-9]+( |$)/ {
	plan[d] = substr(rest, 4) + 0
	next
}

rest ~ /^ok [0-9]+/ {
	seen[d]++
	if (toupper(rest) ~ /# SKIP/)
		skipped++
	else
		passed++
	next
}

rest ~ /^not ok [0-9]+/ {
	seen[d]++
	failed++
	next
}

rest ~ /^Bail out!/ {
	failed++
}

END {
	for (d in plan)
		if (plan[d] != seen[d])
			failed++
	if (!started)
		failed++
	printf "%d %d %d\n", passed, failed, skipped
}
