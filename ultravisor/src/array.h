/* SPDX-License-Identifier: MIT */
#ifndef UV_ARRAY_H
#define UV_ARRAY_H

/* Elements of an array; not for pointers. */
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#endif /* UV_ARRAY_H */
