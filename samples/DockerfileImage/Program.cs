Console.WriteLine("Hello from an image that a Dockerfile makes.");
