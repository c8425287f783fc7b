Console.WriteLine($"The job is done for {DateOnly.FromDateTime(DateTime.UtcNow):O}.");
