namespace Contracts;

/// <summary>What the services tell each other about.</summary>
public sealed record Order(int Number, string Product);
