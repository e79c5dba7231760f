/* SPDX-License-Identifier: MIT */
#ifndef BOOT_SCLP_H
#define BOOT_SCLP_H

/**
 * sclp_print() - show a message on every console there is
 *
 * Comes back in any case, also if there is no console or nobody answers.
 */
void sclp_print(const char *text);

#endif /* BOOT_SCLP_H */
