"""Other libraries' shapes, one a file: vectors, texts and captions that go over to them and come from them."""
