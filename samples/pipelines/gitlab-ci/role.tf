terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

variable "project_path" {
  type        = string
  description = "The GitLab project, such as my-group/hello-api"
}

variable "branch" {
  type        = string
  description = "The branch that is allowed to push"
  default     = "main"
}

variable "gitlab_host" {
  type        = string
  description = "The host of GitLab"
  default     = "gitlab.com"
}

variable "repository_arn" {
  type        = string
  description = "The ECR repository to push to, such as arn:aws:ecr:eu-west-1:444455556666:repository/hello-api"
}

variable "role_name" {
  type        = string
  description = "The name of the role"
  default     = "hello-api-push"
}

# An account has one provider per issuer: if it already exists, use a data source instead.
resource "aws_iam_openid_connect_provider" "issuer" {
  url            = "https://${var.gitlab_host}"
  client_id_list = ["https://${var.gitlab_host}"]
}

# Only jobs of this branch of this project can assume the role.
resource "aws_iam_role" "push" {
  name = var.role_name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Federated = aws_iam_openid_connect_provider.issuer.arn }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = {
          StringEquals = {
            "${var.gitlab_host}:aud" = "https://${var.gitlab_host}"
            "${var.gitlab_host}:sub" = "project_path:${var.project_path}:ref_type:branch:ref:${var.branch}"
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "push" {
  name = "push"
  role = aws_iam_role.push.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "GetToken"
        Effect   = "Allow"
        Action   = "ecr:GetAuthorizationToken"
        Resource = "*"
      },
      {
        Sid    = "Push"
        Effect = "Allow"
        Action = [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:InitiateLayerUpload",
          "ecr:UploadLayerPart",
          "ecr:CompleteLayerUpload",
          "ecr:PutImage",
        ]
        Resource = var.repository_arn
      },
    ]
  })
}

output "role_arn" {
  value = aws_iam_role.push.arn
}
