/* SPDX-License-Identifier: MIT */
#ifndef LIBPV_ARRAY_H
#define LIBPV_ARRAY_H

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#endif /* LIBPV_ARRAY_H */
