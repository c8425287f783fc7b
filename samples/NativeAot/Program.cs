Console.WriteLine("Hello from a native executable.");
