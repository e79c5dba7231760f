// SPDX-License-Identifier: MIT
#include "ebcdic.h"

/* Runs of characters that follow each other in both codes. */
static const struct run {
	char first, last;
	uint8_t ebcdic;
} runs[] = {
	{ 'a', 'i', 0x81 }, { 'j', 'r', 0x91 }, { 's', 'z', 0xa2 },
	{ 'A', 'I', 0xc1 }, { 'J', 'R', 0xd1 }, { 'S', 'Z', 0xe2 },
	{ '0', '9', 0xf0 }, { ' ', ' ', 0x40 }, { '.', '.', 0x4b },
	{ '<', '<', 0x4c }, { '(', '(', 0x4d }, { '+', '+', 0x4e },
	{ '&', '&', 0x50 }, { '*', '*', 0x5c }, { ')', ')', 0x5d },
	{ ';', ';', 0x5e }, { '-', '-', 0x60 }, { '/', '/', 0x61 },
	{ ',', ',', 0x6b }, { '%', '%', 0x6c }, { '_', '_', 0x6d },
	{ '>', '>', 0x6e }, { '?', '?', 0x6f }, { ':', ':', 0x7a },
	{ '\'', '\'', 0x7d }, { '=', '=', 0x7e }, { '"', '"', 0x7f },
};

uint8_t ebcdic_of(char c)
{
	for (unsigned int i = 0; i < sizeof(runs) / sizeof(runs[0]); i++)
		if (c >= runs[i].first && c <= runs[i].last)
			return (uint8_t)(runs[i].ebcdic + (c - runs[i].first));
	return ebcdic_of('?');
}
