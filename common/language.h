#ifndef LANGUAGE_H
#define LANGUAGE_H

#include <stddef.h>

/*
 * The backend's name (nodejs, java, python, golang, dotnet, ruby, php, rust,
 * cpp) for the language that a text names: the longest of the words known
 * that stands there whole, in any case, perhaps with a version behind it
 * (python3.11). NULL: none does.
 */
const char *language_find(const char *p, size_t len);

#endif
