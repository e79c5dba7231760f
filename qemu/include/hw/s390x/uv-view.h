/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Storage as the untrusted side sees it, in a file.
 */
#ifndef HW_S390X_UV_VIEW_H
#define HW_S390X_UV_VIEW_H

/**
 * s390_uv_view_init() - have a view written when QEMU ends
 * @path: file, NULL for none
 */
void s390_uv_view_init(const char *path);

/**
 * s390_uv_write_view() - write one now, if there is an Ultravisor already
 * @path: regular file, replaced, or made with mode 0600
 */
bool s390_uv_write_view(const char *path, Error **errp);

#endif /* HW_S390X_UV_VIEW_H */
