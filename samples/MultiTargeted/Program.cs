Console.WriteLine($"Hello from .NET {Environment.Version}.");
